import { TrainingAPIClient } from '@azure/cognitiveservices-customvision-training';
import { ApiKeyCredentials } from '@azure/ms-rest-js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';

import { drawPhoto } from '../testing/drawn-photos.ts';
import { runEngine } from '../testing/running-engine.ts';
import type { RunningEngine } from '../testing/running-engine.ts';
import { describeRoutes, openApiPath } from './openapi.ts';
import {
  domainModel,
  imageBatchModel,
  imageModel,
  projectModel,
  tagModel,
} from './training/models.ts';
import { trainingOperations } from './training/operations.ts';

interface Described {
  readonly operationId: string;
  readonly summary: string;
  readonly parameters: readonly {
    readonly name: string;
    readonly in: string;
    readonly required: boolean;
  }[];
  readonly requestBody?: unknown;
  readonly responses: Readonly<Record<string, unknown>>;
}

/** How the official client describes a call to itself. */
interface Spec {
  readonly httpMethod: string;
  readonly path: string;
  readonly queryParameters?: readonly {
    readonly mapper: { readonly serializedName: string; readonly required?: boolean };
  }[];
  readonly requestBody?: unknown;
  readonly formDataParameters?: unknown;
  readonly responses: Readonly<Record<string, unknown>>;
}

let shop: RunningEngine;
let paths: Record<string, Record<string, Described>>;

beforeAll(async () => {
  shop = await runEngine();
  const answer = await fetch(`${shop.engine.endpoint}/openapi.json`);
  ({ paths } = (await answer.json()) as { paths: typeof paths });
});
afterAll(() => shop.stop());

test('each route that programs may call is described, and nothing else is', () => {
  const served = shop.engine.routes
    .filter(({ operation }) => operation !== 'page')
    .map(({ method, url }) => `${method} ${openApiPath(url)}`);
  const described = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(described.toSorted()).toEqual(served.toSorted());
});

test('each operation has a name of its own, and says what it does', () => {
  const operations = Object.values(paths).flatMap((methods) => Object.values(methods));
  const names = operations.map(({ operationId }) => operationId);
  expect(new Set(names).size).toBe(names.length);
  for (const { summary } of operations) expect(summary).toMatch(/^[A-Z].*\.$/);
});

test('each part of a path that varies is a parameter', () => {
  for (const [path, methods] of Object.entries(paths)) {
    const parts = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    for (const { parameters } of Object.values(methods)) {
      expect(parameters.filter((each) => each.in === 'path').map((each) => each.name)).toEqual(
        parts,
      );
    }
  }
});

/** Each call of the training client, by its method's name. */
function specsOfTheClient(): Map<string, Spec> {
  const specs = new Map<string, Spec>();
  let seen: Spec | undefined;
  class Listening extends TrainingAPIClient {
    override sendOperationRequest(_: unknown, spec: object): Promise<never> {
      seen = spec as Spec;
      return Promise.reject(new Error('It is not sent.'));
    }
  }
  const client = new Listening(new ApiKeyCredentials({ inHeader: { key: 'k' } }), 'http://x');
  for (const name of Object.getOwnPropertyNames(TrainingAPIClient.prototype)) {
    if (name === 'constructor') continue;
    const call = Reflect.get(client, name) as (...args: readonly unknown[]) => Promise<unknown>;
    call.apply(client, [{}, {}, {}, {}, {}]).catch(() => undefined);
    if (seen) specs.set(name, seen);
  }
  return specs;
}

const byText = (a: string, b: string): number => (a < b ? -1 : 1);

test('the training API is described just as the official client calls it', () => {
  const theirs = [...specsOfTheClient()].map(([name, spec]) => ({
    id: `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`,
    call: `${spec.httpMethod} /${spec.path}`,
    query: (spec.queryParameters ?? [])
      .map(({ mapper }) => `${mapper.serializedName}${mapper.required ? '!' : ''}`)
      .toSorted(byText),
    hasBody: spec.requestBody !== undefined || spec.formDataParameters !== undefined,
    answers: Object.keys(spec.responses).toSorted(byText),
  }));
  const ours = describedTraining();
  expect(ours).toEqual(theirs.toSorted((a, b) => byText(a.id, b.id)));
});

function describedTraining() {
  const routes = Object.entries(trainingOperations).map(([call, operation]) => {
    const [method = '', path = ''] = call.split(' ');
    return { method, url: `/customvision/:version/training${path}`, operation };
  });
  const { paths: all } = describeRoutes(routes) as { paths: typeof paths };
  return Object.entries(all)
    .flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, described]) => ({
        id: described.operationId,
        call: `${method.toUpperCase()} ${path.replace('/customvision/{version}/training', '')}`,
        query: described.parameters
          .filter((each) => each.in === 'query')
          .map(({ name, required }) => `${name}${required ? '!' : ''}`)
          .toSorted(byText),
        hasBody: described.requestBody !== undefined,
        answers: Object.keys(described.responses).toSorted(byText),
      })),
    )
    .toSorted((a, b) => byText(a.id, b.id));
}

test('what is answered is what is described', async () => {
  const ask = async (path: string, init: RequestInit = {}) => (await shop.call(path, init)).json();
  const project = projectModel.parse(await ask('projects?name=Shop', { method: 'POST' }));
  const inProject = `projects/${project.id}`;
  const tag = tagModel.parse(await ask(`${inProject}/tags?name=tomato`, { method: 'POST' }));
  const body = drawPhoto('tomato', 1, 64, 48);
  const path = `${inProject}/images?tagIds=${tag.id}`;
  const batch = imageBatchModel.parse(await ask(path, { method: 'POST', body }));
  expect(batch.images.map(({ status }) => status)).toEqual(['OK']);
  expect(z.array(imageModel).parse(await ask(`${inProject}/images`))).toHaveLength(1);
  expect(z.array(domainModel).parse(await ask('domains')).length).toBeGreaterThan(0);
});

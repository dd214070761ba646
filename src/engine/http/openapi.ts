import type { FastifyInstance, RouteOptions } from 'fastify';
import { z } from 'zod';

import { version } from '../../../package.json';
import type { Operation } from './operation.ts';
import { trainingOperations } from './training/operations.ts';

const trainingPrefix = '/customvision/:version/training';

export interface DescribedRoute {
  readonly method: string;
  /** With `:name` for what varies. */
  readonly url: string;
  readonly operation: Operation | 'page' | undefined;
}

/** Fills up as routes are registered after it; it must be called before them. */
export function collectRoutes(server: FastifyInstance): readonly DescribedRoute[] {
  const routes: DescribedRoute[] = [];
  server.addHook('onRoute', ({ method, url, config }: RouteOptions) => {
    for (const each of [method].flat()) {
      // Fastify adds a HEAD to each GET by itself.
      if (each === 'HEAD') continue;
      const below = url.startsWith(trainingPrefix) ? url.slice(trainingPrefix.length) : undefined;
      const known = below === undefined ? undefined : trainingOperations[`${each} ${below}`];
      routes.push({ method: each, url, operation: config?.operation ?? known });
    }
  });
  return routes;
}

const keyHeaders = { prediction: 'Prediction-Key', training: 'Training-Key' } as const;

/** An OpenAPI 3.1 description of the routes, without those that are for people. */
export function describeRoutes(routes: readonly DescribedRoute[]): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const { method, url, operation } of routes) {
    if (operation === undefined || operation === 'page') continue;
    const path = openApiPath(url);
    paths[path] = { ...paths[path], [method.toLowerCase()]: describe(url, operation) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Freshlane engine',
      version,
      description:
        'A Custom Vision of your own. Every version v3.x and v3.x-preview is served alike, and ' +
        'paths are taken in any letter case.',
    },
    paths,
    components: {
      schemas: {
        Error: jsonSchema(z.object({ code: z.string(), message: z.string() })),
      },
      securitySchemes: Object.fromEntries(
        Object.entries(keyHeaders).map(([kind, name]) => [
          `${kind}Key`,
          { type: 'apiKey', in: 'header', name },
        ]),
      ),
    },
  };
}

export function openApiPath(url: string): string {
  return url.replaceAll(/:(\w+)/g, '{$1}');
}

function describe(url: string, operation: Operation): Record<string, unknown> {
  const { id, summary, query, body, answer, alsoStatus } = operation;
  const area = /^\/customvision\/:version\/(prediction|training)\//.exec(url)?.[1];
  const kind = area === 'prediction' || area === 'training' ? area : undefined;
  const success = answer === null ? { description: 'Done.' } : jsonAnswer('Done.', answer);
  return {
    operationId: id,
    summary,
    ...(kind && { tags: [kind], security: [{ [`${kind}Key`]: [] }] }),
    parameters: [...pathParameters(url), ...queryParameters(query)],
    ...(body !== undefined && {
      requestBody: { required: isRequired(body), content: bodyContent(body) },
    }),
    responses: {
      [answer === null ? '204' : '200']: success,
      ...(alsoStatus !== undefined && { [String(alsoStatus)]: success }),
      default: {
        description: 'What was wrong, in words.',
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
      },
    },
  };
}

function pathParameters(url: string): unknown[] {
  return [...url.matchAll(/:(\w+)/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    schema: {
      type: 'string',
      ...(name === 'version' && { examples: ['v3.1', 'v3.4-preview'] }),
      ...(name.endsWith('Id') && name !== 'domainId' && { format: 'uuid' }),
    },
  }));
}

function queryParameters(query: z.ZodObject | undefined): unknown[] {
  return Object.entries(query?.shape ?? {}).map(([name, schema]) => ({
    name,
    in: 'query',
    required: isRequired(schema as z.ZodType),
    schema: jsonSchema(schema as z.ZodType),
    // Lists are written with commas.
    style: 'form',
    explode: false,
  }));
}

function isRequired(schema: 'picture' | z.ZodType): boolean {
  return schema === 'picture' || !schema.safeParse(undefined).success;
}

const binary = { type: 'string', contentMediaType: 'application/octet-stream' };

function bodyContent(body: 'picture' | z.ZodType): Record<string, unknown> {
  if (body !== 'picture') return { 'application/json': { schema: jsonSchema(body) } };
  return {
    'application/octet-stream': { schema: binary },
    'multipart/form-data': {
      schema: { type: 'object', properties: { imageData: binary }, required: ['imageData'] },
    },
  };
}

function jsonAnswer(description: string, schema: z.ZodType): Record<string, unknown> {
  return { description, content: { 'application/json': { schema: jsonSchema(schema) } } };
}

function jsonSchema(schema: z.ZodType): Record<string, unknown> {
  // What has no JSON form, such as a check in code, is left open instead of refused.
  const { $schema: _, ...described } = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
  });
  return described;
}

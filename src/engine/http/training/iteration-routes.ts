import type { FastifyInstance } from 'fastify';
import { z } from 'zod';

import type { ModelExports } from '../../export/model-exports.ts';
import { limits } from '../../domain/limits.ts';
import { badRequest, serviceErrors } from '../../domain/service-error.ts';
import type { Iteration } from '../../store/iteration-store.ts';
import type { Store } from '../../store/store.ts';
import { iterationAnswer } from './answers.ts';
import { inputsOf, jsonBody, renamed } from './inputs.ts';
import { removeIteration } from './removal.ts';
import { iterationOf, projectOf } from './lookups.ts';

export interface IterationRoutesOptions {
  readonly store: Store;
  readonly modelExports: ModelExports;
}

const changesSchema = z.object({ name: z.string().nullish() });

const path = '/projects/:projectId/iterations';

/** Trained versions of a project: listed, renamed, deleted, and published for prediction. */
export function addIterationRoutes(
  server: FastifyInstance,
  { store, modelExports }: IterationRoutesOptions,
): void {
  server.get(path, async ({ params }) => {
    const project = projectOf(store, params);
    return store.iterations.list(project.id).map(iterationAnswer);
  });

  server.get(`${path}/:iterationId`, async ({ params }) =>
    iterationAnswer(iterationOf(store, projectOf(store, params), params)),
  );

  server.patch(`${path}/:iterationId`, async ({ params, body }) => {
    const project = projectOf(store, params);
    const iteration = iterationOf(store, project, params);
    const name = renamed('Iteration', iteration.name, jsonBody(body, changesSchema).name);
    const others = store.iterations.list(project.id).filter(({ id }) => id !== iteration.id);
    if (others.some((other) => other.name === name)) {
      throw badRequest(
        'BadRequestIterationNameNotUnique',
        `The project has an iteration "${name}" already.`,
      );
    }
    const changed = store.iterations.rename(project.id, iteration.id, name);
    if (!changed) throw serviceErrors.iterationNotFound();
    return iterationAnswer(changed);
  });

  server.delete(`${path}/:iterationId`, async ({ params }, reply) => {
    const project = projectOf(store, params);
    const iteration = iterationOf(store, project, params);
    if (iteration.publishedName !== null) {
      throw badRequest(
        'BadRequestIterationIsPublished',
        `The iteration is published as "${iteration.publishedName}"; unpublish it first.`,
      );
    }
    if (iteration.status === 'Training') {
      throw badRequest(
        'BadRequestTrainingAlreadyInProgress',
        'The iteration is being trained; delete it when that is over.',
      );
    }
    await removeIteration(store, project.id, iteration.id);
    await modelExports.forget([iteration.id]);
    return reply.code(204).send();
  });

  server.post(`${path}/:iterationId/publish`, async ({ params, query }, reply) => {
    const project = projectOf(store, params);
    const iteration = iterationOf(store, project, params);
    const inputs = inputsOf(query);
    const name = inputs.required('publishName');
    checkPublishable(store, iteration, name, inputs.flag('overwrite'));
    // Which resource serves it is the client's affair: the engine is the only one there is.
    store.iterations.publish(project.id, iteration.id, name, inputs.text('predictionId'));
    return reply.type('application/json; charset=utf-8').send('true');
  });

  server.delete(`${path}/:iterationId/publish`, async ({ params }, reply) => {
    const project = projectOf(store, params);
    const iteration = iterationOf(store, project, params);
    if (iteration.publishedName === null) {
      throw badRequest('BadRequestIterationNotPublished', 'The iteration is not published.');
    }
    store.iterations.unpublish(project.id, iteration.id);
    return reply.code(204).send();
  });
}

// It becomes a part of the prediction's path, where anything else would be written in escapes.
const publishNamePattern = /^[\w.-]+$/;

/** @throws ServiceError */
function checkPublishable(
  store: Store,
  iteration: Iteration,
  name: string,
  isOverwrite: boolean,
): void {
  if (name.length > limits.publishNameCharacters || !publishNamePattern.test(name)) {
    throw badRequest(
      'BadRequestInvalidPublishName',
      `A published name has 1 to ${limits.publishNameCharacters} letters, digits, ` +
        'dots, hyphens and underscores.',
    );
  }
  if (iteration.status !== 'Completed') {
    throw badRequest(
      'BadRequestIterationIsNotTrained',
      `The iteration cannot be published: its status is ${iteration.status}.`,
    );
  }
  if (iteration.publishedName !== null && !isOverwrite) {
    throw badRequest(
      'BadRequestIterationIsPublished',
      `The iteration is published as "${iteration.publishedName}" already.`,
    );
  }
  const bearer = store.iterations.published(iteration.projectId, name);
  if (bearer && bearer.id !== iteration.id && !isOverwrite) {
    throw badRequest(
      'BadRequestInvalidPublishName',
      `Another iteration is published as "${name}"; give overwrite=true to replace it.`,
    );
  }
}

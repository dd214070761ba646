import type { FastifyInstance } from 'fastify';

import { badRequest, ServiceError } from '../../service-error.ts';
import type { Iteration } from '../../store/iteration-store.ts';
import type { Project } from '../../store/project-store.ts';
import type { Store } from '../../store/store.ts';
import type { FetchPicture } from '../fetch-picture.ts';
import { pictureOf } from '../picture-input.ts';
import { createPredict } from '../predict.ts';
import type { PredictOptions } from '../predict.ts';
import { inputsOf } from './inputs.ts';
import type { Inputs } from './inputs.ts';
import { askedIteration, isDetection, projectOf } from './subjects.ts';

export interface QuickTestRoutesOptions extends PredictOptions {
  /** Undefined where pictures may not be named by a URL. */
  readonly fetchUrl: FetchPicture | undefined;
}

/** `POST projects/{projectId}/quicktest/{image|url}`: asks an iteration, published or not. */
export function addQuickTestRoutes(server: FastifyInstance, options: QuickTestRoutesOptions): void {
  const { store, fetchUrl } = options;
  const predict = createPredict(options);
  for (const source of ['image', 'url'] as const) {
    server.post(
      `/projects/:projectId/quicktest/${source}`,
      async (request) => {
        const project = projectOf(store, request.params);
        const inputs = inputsOf(request.query);
        const keep = inputs.text('store') === undefined || inputs.flag('store');
        const iteration = testedIteration(store, project, inputs);
        const picture = await pictureOf(request, source, fetchUrl);
        return predict({
          kind: isDetection(iteration) ? 'detect' : 'classify',
          projectId: project.id,
          iterationId: iteration.id,
          picture,
          keep,
        });
      },
    );
  }
}

/** The one asked for, else the newest that is trained. */
function testedIteration(store: Store, project: Project, inputs: Inputs): Iteration {
  const asked = askedIteration(store, project, inputs);
  if (asked && asked.status !== 'Completed') {
    throw badRequest(
      'BadRequestIterationIsNotTrained',
      `The iteration is not trained; its status is ${asked.status}.`,
    );
  }
  const found =
    asked ?? store.iterations.list(project.id).find(({ status }) => status === 'Completed');
  if (found) return found;
  throw new ServiceError(
    404,
    'NotFoundProjectDefaultIteration',
    'The project has no trained iteration yet. Train it first.',
  );
}

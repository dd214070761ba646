import type { FastifyInstance } from 'fastify';

import type { FetchPicture } from '../fetch-picture.ts';
import { pictureOf } from '../picture-input.ts';
import { createPredict } from '../predict.ts';
import type { PredictOptions } from '../predict.ts';
import { inputsOf } from './inputs.ts';
import { isDetection, projectOf, trainedIteration } from './lookups.ts';

export interface QuickTestRoutesOptions extends PredictOptions {
  /** Undefined where pictures may not be named by a URL. */
  readonly fetchUrl: FetchPicture | undefined;
}

/** `POST projects/{projectId}/quicktest/{image|url}`: asks an iteration, published or not. */
export function addQuickTestRoutes(server: FastifyInstance, options: QuickTestRoutesOptions): void {
  const { store, fetchUrl } = options;
  const predict = createPredict(options);
  for (const source of ['image', 'url'] as const) {
    server.post(`/projects/:projectId/quicktest/${source}`, async (request) => {
      const project = projectOf(store, request.params);
      const inputs = inputsOf(request.query);
      const keep = inputs.text('store') === undefined || inputs.flag('store');
      const iteration = trainedIteration(store, project, inputs);
      const picture = await pictureOf(request, source, fetchUrl);
      return predict({
        kind: isDetection(iteration) ? 'detect' : 'classify',
        projectId: project.id,
        iterationId: iteration.id,
        picture,
        keep,
      });
    });
  }
}

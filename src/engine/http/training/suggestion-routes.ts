import type { FastifyInstance } from 'fastify';

import { limits } from '../../domain/limits.ts';
import { badRequest } from '../../domain/service-error.ts';
import type { Image } from '../../store/image-store.ts';
import type { Project } from '../../store/project-store.ts';
import type { Store } from '../../store/store.ts';
import { createPredict } from '../predict.ts';
import type { PredictOptions } from '../predict.ts';
import { inputsOf } from './inputs.ts';
import { isDetection, projectOf, trainedIteration } from './lookups.ts';

/** `POST projects/{projectId}/tagsandregions/suggestions`: what untagged images seem to show. */
export function addSuggestionRoutes(server: FastifyInstance, options: PredictOptions): void {
  const { store } = options;
  const predict = createPredict(options);
  server.post('/projects/:projectId/tagsandregions/suggestions', async ({ params, query }) => {
    const project = projectOf(store, params);
    const inputs = inputsOf(query);
    inputs.required('iterationId');
    const iteration = trainedIteration(store, project, inputs);
    const ids = inputs.ids('imageIds', limits.suggestionsPerBatch) ?? [];
    const suggestions = [];
    for (const { id, photo } of untagged(store, project, ids)) {
      const { predictions, ...prediction } = await predict({
        kind: isDetection(iteration) ? 'detect' : 'classify',
        projectId: project.id,
        iterationId: iteration.id,
        picture: await store.photos.read(photo),
        mostBytes: limits.trainingPictureBytes,
        keep: false,
      });
      if (predictions.length === 0) continue;
      suggestions.push({
        ...prediction,
        // Not found: what the service gives. With its own there is nothing that tells the image.
        id,
        predictions,
        predictionUncertainty: entropyOf(predictions.map(({ probability }) => probability)),
      });
    }
    return suggestions;
  });
}

/** @throws ServiceError where one is not there, or has a tag already. */
function untagged(store: Store, project: Project, ids: readonly string[]): Image[] {
  const images = store.images.byIds(project.id, ids);
  if (images.length < ids.length || images.some(({ tags }) => tags.length > 0)) {
    throw badRequest(
      'BadRequestInvalidIds',
      'The project does not have all of these images, or some have tags already.',
    );
  }
  return images;
}

/** In nats; what the probabilities leave of 1 is one more outcome, and where they are more they share. */
export function entropyOf(probabilities: readonly number[]): number {
  const sum = probabilities.reduce((total, one) => total + one, 0);
  const rest = Math.max(0, 1 - sum);
  return [...probabilities, rest]
    .map((one) => one / Math.max(sum, 1))
    .filter((share) => share > 0)
    .reduce((total, share) => total - share * Math.log(share), 0);
}

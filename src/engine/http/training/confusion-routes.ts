import type { FastifyInstance } from 'fastify';

import { badRequest } from '../../service-error.ts';
import type { Store } from '../../store/store.ts';
import { confusionOf } from '../../training/confusion.ts';
import { decodeHeldOut } from '../../training/validation.ts';
import { inputsOf } from './inputs.ts';
import { iterationOf, projectOf } from './subjects.ts';

/**
 * `GET iterations/{i}/confusion?threshold`: what was taken for what in the cross-validation. The
 * service has no such call; the engine's page asks for it.
 */
export function addConfusionRoutes(
  server: FastifyInstance,
  { store }: { readonly store: Store },
): void {
  server.get(
    '/projects/:projectId/iterations/:iterationId/confusion',
    async ({ params, query }) => {
      const project = projectOf(store, params);
      const { id, tags } = iterationOf(store, project, params);
      const threshold = Number(inputsOf(query).text('threshold') ?? '0.5');
      if (!(threshold >= 0 && threshold <= 1)) {
        throw badRequest('BadRequest', 'The parameter threshold must be a number from 0 to 1.');
      }
      const photos = store.iterations.contents(id).map(({ labels, validation }) => ({
        tagIds: labels.map(({ tagId }) => tagId),
        probabilities:
          validation === null
            ? null
            : (decodeHeldOut(validation, tags.length)?.probabilities ?? null),
      }));
      const tagIds = tags.map((tag) => tag.id);
      return {
        tags: tags.map((tag) => ({ id: tag.id, name: tag.name })),
        rows: confusionOf(tagIds, photos, threshold),
      };
    },
  );
}

import { setImmediate as nextTurn } from 'node:timers/promises';

import type { FastifyInstance } from 'fastify';
import { z } from 'zod';

import { badRequest, serviceErrors } from '../../domain/service-error.ts';
import type { Store } from '../../store/store.ts';
import { createConfusion } from '../../evaluation/confusion.ts';
import { decodeHeldOut } from '../../training/validation.ts';
import type { Operation } from '../operation.ts';
import { inputsOf } from './inputs.ts';
import { isDetection, iterationOf, projectOf } from './lookups.ts';

const photosAtOnce = 100;

const described: Operation = {
  id: 'GetConfusion',
  summary: 'Says what the cross-validation took for what; for the page of the engine.',
  query: z.object({ threshold: z.number().optional() }),
  answer: z.object({
    tags: z.array(z.object({ id: z.uuid(), name: z.string() })),
    rows: z.array(z.unknown()),
  }),
};

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
    { config: { operation: described } },
    async ({ params, query }) => {
      const project = projectOf(store, params);
      // A photo of many things is not taken for one.
      if (isDetection(project)) throw serviceErrors.wrongProjectType();
      const { id, tags } = iterationOf(store, project, params);
      const threshold = Number(inputsOf(query).text('threshold') ?? '0.5');
      if (!(threshold >= 0 && threshold <= 1)) {
        throw badRequest('BadRequest', 'The parameter threshold must be a number from 0 to 1.');
      }
      const confusion = createConfusion(
        tags.map((tag) => tag.id),
        threshold,
      );
      // In parts, with turns for others in between: there may be 100,000 photos.
      for (let after: string | undefined = ''; after !== undefined;) {
        const part = store.iterationImages.validated(id, after, photosAtOnce);
        for (const { tagIds, validation } of part) {
          const heldOut = validation && decodeHeldOut(validation, tags.length);
          confusion.add({ tagIds, probabilities: heldOut?.probabilities ?? null });
        }
        after = part.length < photosAtOnce ? undefined : part.at(-1)?.imageId;
        await nextTurn();
      }
      return {
        tags: tags.map((tag) => ({ id: tag.id, name: tag.name })),
        rows: confusion.rows,
      };
    },
  );
}

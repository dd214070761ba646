import type { FastifyInstance } from 'fastify';

import { noDetector } from '../../detection/detector.ts';
import type { Finder } from '../../inference/finder.ts';
import { serviceErrors } from '../../domain/service-error.ts';
import type { Store } from '../../store/store.ts';
import type { Semaphore } from '../semaphore.ts';
import { isId } from './inputs.ts';
import { isDetection, projectOf } from './lookups.ts';

export interface ProposalRoutesOptions {
  readonly store: Store;
  /** Undefined where the engine has no detector. */
  readonly finder: Finder | undefined;
  readonly enter: Semaphore;
}

/** `POST projects/{projectId}/images/{imageId}/regionproposals`: where things seem to lie. */
export function addProposalRoutes(
  server: FastifyInstance,
  { store, finder, enter }: ProposalRoutesOptions,
): void {
  server.post('/projects/:projectId/images/:imageId/regionproposals', async ({ params }) => {
    const project = projectOf(store, params);
    if (!isDetection(project)) throw serviceErrors.wrongProjectType();
    const { imageId } = params as { imageId: string };
    const [image] = isId(imageId) ? store.images.byIds(project.id, [imageId]) : [];
    if (!image) throw serviceErrors.imageNotFound();
    if (!finder) throw serviceErrors.notOffered(noDetector);
    const picture = await store.photos.read(image.photo);
    const proposals = await enter(() => finder.propose(picture));
    return {
      projectId: project.id,
      imageId: image.id,
      proposals: proposals.map(({ box, objectness }) => ({
        confidence: objectness,
        boundingBox: box,
      })),
    };
  });
}

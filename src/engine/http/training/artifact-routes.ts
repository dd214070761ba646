import type { FastifyInstance } from 'fastify';

import { badRequest } from '../../domain/service-error.ts';
import type { Store } from '../../store/store.ts';
import { sendPicture } from '../picture-routes.ts';
import type { PictureShelf } from '../picture-routes.ts';
import { inputsOf } from './inputs.ts';
import { pictureKinds } from './picture-links.ts';
import { projectOf } from './lookups.ts';

export interface ArtifactRoutesOptions {
  readonly store: Store;
  readonly shelf: PictureShelf;
}

const pattern = new RegExp(`(?:^|/)pictures/(${pictureKinds.join('|')})/([\\da-f]{64})(?:\\?|$)`);

/** A project's picture by the path of its link, for clients that send the key instead. */
export function addArtifactRoutes(
  server: FastifyInstance,
  { store, shelf }: ArtifactRoutesOptions,
): void {
  server.get('/projects/:projectId/artifacts', async ({ params, query }, reply) => {
    const project = projectOf(store, params);
    const [, kindText, photo = ''] = pattern.exec(inputsOf(query).required('path')) ?? [];
    const kind = pictureKinds.find((each) => each === kindText);
    if (!kind || !store.projects.hasPhoto(project.id, photo)) {
      throw badRequest('BadRequestInvalidArtifactUri', 'The project has nothing at this path.');
    }
    return sendPicture(reply, await shelf(photo, kind));
  });
}

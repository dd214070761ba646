import type { FastifyInstance } from 'fastify';

import type { ModelExports } from '../export/model-exports.ts';
import { serviceErrors } from '../service-error.ts';
import type { Store } from '../store/store.ts';
import { isKey } from './keys.ts';
import type { PathSigner } from './signed-paths.ts';
import { addDomainRoutes } from './training/domain-routes.ts';
import { addExportRoutes } from './training/export-routes.ts';
import type { LinkMaker } from './training/picture-links.ts';
import { addProjectRoutes } from './training/project-routes.ts';
import { addTagRoutes } from './training/tag-routes.ts';

export interface TrainingRoutesOptions {
  readonly store: Store;
  readonly trainingKey: string;
  readonly links: LinkMaker;
  readonly signer: PathSigner;
  readonly modelExports: ModelExports;
  readonly allowUrlFetch: boolean;
}

/** All that the official training SDK calls, below the prefix `/customvision/:version/training`. */
export function addTrainingRoutes(server: FastifyInstance, options: TrainingRoutesOptions): void {
  // Before the body is read: a stranger's megabytes are none of our work.
  server.addHook('onRequest', async (request) => {
    if (!isKey(request.headers['training-key'], options.trainingKey)) {
      throw serviceErrors.accessDenied();
    }
  });
  addDomainRoutes(server);
  addProjectRoutes(server, options);
  addTagRoutes(server, options);
  addExportRoutes(server, options);
}

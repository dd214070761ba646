import type { FastifyInstance } from 'fastify';

import type { ModelExports } from '../export/model-exports.ts';
import type { ProjectCopies } from '../import/project-copies.ts';
import type { Store } from '../store/store.ts';
import type { PathSigner } from './signed-paths.ts';
import { addDomainRoutes } from './training/domain-routes.ts';
import { addExportRoutes } from './training/export-routes.ts';
import { addMoveRoutes } from './training/move-routes.ts';
import type { LinkMaker } from './training/picture-links.ts';
import { addProjectRoutes } from './training/project-routes.ts';
import { addTagRoutes } from './training/tag-routes.ts';

export interface TrainingRoutesOptions {
  readonly store: Store;
  readonly links: LinkMaker;
  readonly signer: PathSigner;
  readonly modelExports: ModelExports;
  readonly copies: ProjectCopies;
  readonly allowUrlFetch: boolean;
}

/** All that the official training SDK calls, below the prefix `/customvision/:version/training`. */
export function addTrainingRoutes(server: FastifyInstance, options: TrainingRoutesOptions): void {
  addDomainRoutes(server);
  addProjectRoutes(server, options);
  addTagRoutes(server, options);
  addExportRoutes(server, options);
  addMoveRoutes(server, options);
}

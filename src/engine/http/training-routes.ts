import type { FastifyInstance } from 'fastify';

import type { ModelExports } from '../export/model-exports.ts';
import type { ProjectCopies } from '../import/project-copies.ts';
import type { TrainingQueue } from '../training/training-queue.ts';
import type { FetchPicture } from './fetch-picture.ts';
import type { PictureShelf } from './picture-routes.ts';
import type { PredictOptions } from './predict.ts';
import type { PathSigner } from './signed-paths.ts';
import { addArtifactRoutes } from './training/artifact-routes.ts';
import { addConfusionRoutes } from './training/confusion-routes.ts';
import { addDomainRoutes } from './training/domain-routes.ts';
import { addExportRoutes } from './training/export-routes.ts';
import { addIterationRoutes } from './training/iteration-routes.ts';
import { addMoveRoutes } from './training/move-routes.ts';
import { addImageMarkRoutes } from './training/image-mark-routes.ts';
import { addImageRoutes } from './training/image-routes.ts';
import { addNotOfferedRoutes } from './training/not-offered-routes.ts';
import { addPerformanceRoutes } from './training/performance-routes.ts';
import { addProposalRoutes } from './training/proposal-routes.ts';
import { addProjectRoutes } from './training/project-routes.ts';
import { addQuickTestRoutes } from './training/quick-test-routes.ts';
import { addStoredPredictionRoutes } from './training/stored-prediction-routes.ts';
import { addSuggestionRoutes } from './training/suggestion-routes.ts';
import { addTagRoutes } from './training/tag-routes.ts';
import { addTrainRoutes, foreseer } from './training/train-routes.ts';
import { addUploadRoutes } from './training/upload-routes.ts';

export interface TrainingRoutesOptions extends PredictOptions {
  readonly signer: PathSigner;
  readonly modelExports: ModelExports;
  readonly copies: ProjectCopies;
  readonly shelf: PictureShelf;
  readonly backboneId: string;
  readonly trainingQueue: TrainingQueue;
  /** Undefined where pictures may not be named by a URL. */
  readonly fetchUrl: FetchPicture | undefined;
}

/** All that the official training SDK calls, below the prefix `/customvision/:version/training`. */
export function addTrainingRoutes(server: FastifyInstance, options: TrainingRoutesOptions): void {
  addConfusionRoutes(server, options);
  addDomainRoutes(server);
  addProjectRoutes(server, options);
  addTagRoutes(server, options);
  addExportRoutes(server, options);
  addMoveRoutes(server, options);
  addUploadRoutes(server, {
    ...options,
    allowUrlFetch: options.fetchUrl !== undefined,
    onPhotos: foreseer(options),
  });
  addImageRoutes(server, options);
  addImageMarkRoutes(server, options);
  addIterationRoutes(server, options);
  addStoredPredictionRoutes(server, options);
  addArtifactRoutes(server, options);
  addNotOfferedRoutes(server);
  addTrainRoutes(server, options);
  addPerformanceRoutes(server, options);
  addQuickTestRoutes(server, options);
  addProposalRoutes(server, options);
  addSuggestionRoutes(server, options);
}

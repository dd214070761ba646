import { loadDetector } from '../detection/detector.ts';
import { defaultDetectorDir } from '../process/model-dir.ts';
import { loadBackbone } from '../model/backbone.ts';
import { openStore } from '../store/store.ts';
import type { TrainingStage } from '../training/train-iteration.ts';
import { compareIterations } from './compare-iterations.ts';
import type { IterationComparison } from './compare-iterations.ts';
import { moveIn } from './move-in.ts';
import type { MoveProgress } from './move-in.ts';
import { createRetry, MoveError } from './retry.ts';
import { openRemoteService } from './service-client.ts';
import { trainImported } from './train-imported.ts';

export type ImportProgress =
  | MoveProgress
  | { readonly kind: TrainingStage; readonly done: number; readonly of: number }
  | { readonly kind: 'waiting'; readonly seconds: number; readonly reason: string };

export interface ImportFromServiceOptions {
  readonly dataDir: string;
  readonly modelDir: string;
  readonly endpoint: string;
  readonly trainingKey: string;
  readonly projectId: string;
  /** As it is called at the service, where it is not given. */
  readonly name?: string;
  /** Published under this name; not published where it is not given. */
  readonly publishName?: string;
  /** Cores for looking at photos; 1 where it is not given. */
  readonly threads?: number;
  readonly onProgress: (progress: ImportProgress) => void;
}

export interface ImportResult {
  readonly projectId: string;
  readonly projectName: string;
  readonly images: number;
  readonly copied: number;
  readonly skipped: number;
  /** Null where it could not be trained. */
  readonly iterationId: string | null;
  readonly publishedName: string | null;
  readonly untrainedBecause: string | null;
  readonly comparison: IterationComparison;
}

/**
 * Copies a project out of Azure, or out of another engine; trains it and compares. Killed at any
 * time, it goes on where it was when it is called again. @throws MoveError, StoreError
 */
export async function importFromService(options: ImportFromServiceOptions): Promise<ImportResult> {
  const { endpoint, trainingKey, projectId, onProgress } = options;
  const retry = createRetry({
    onWait: (seconds, reason) => onProgress({ kind: 'waiting', seconds, reason }),
  });
  const origin = originOf(endpoint, projectId);
  const remote = openRemoteService({ endpoint, trainingKey, projectId, retry });
  const store = openStore(options.dataDir);
  try {
    const { name } = options;
    const moved = await moveIn({
      store,
      remote,
      origin,
      onProgress,
      ...(name !== undefined && { name }),
    });
    const { project, copied, skipped } = moved;
    const result = {
      projectId: project.id,
      projectName: project.name,
      images: project.imageCount,
      copied,
      skipped,
    };
    const { threads = 1 } = options;
    const backbone = await loadBackbone({ modelDir: options.modelDir, threads });
    const detectorDir = defaultDetectorDir(import.meta.url);
    const detector = await loadDetector({ detectorDir, threads });
    try {
      const trained = await trainImported(
        store,
        { backbone, detector },
        project.id,
        (stage, done, of) => onProgress({ kind: stage, done, of }),
      );
      if (trained.kind === 'untrained') {
        return {
          ...result,
          iterationId: null,
          publishedName: null,
          untrainedBecause: trained.reason,
          comparison: { kind: 'none', reason: 'There is nothing new to compare.' },
        };
      }
      const { iterationId } = trained;
      const { publishName = null } = options;
      if (publishName !== null) store.iterations.publish(project.id, iterationId, publishName);
      return {
        ...result,
        iterationId,
        publishedName: publishName,
        untrainedBecause: null,
        comparison: await compareIterations({
          store,
          remote,
          projectId: project.id,
          iterationId,
        }),
      };
    } finally {
      await detector?.close();
      await backbone.close();
    }
  } finally {
    remote.close();
    store.close();
  }
}

/** @throws MoveError where the endpoint is no address. */
function originOf(endpoint: string, projectId: string): string {
  if (!URL.canParse(endpoint) || !/^https?:$/.test(new URL(endpoint).protocol)) {
    throw new MoveError(
      `"${endpoint}" is no endpoint. It looks like https://NAME.cognitiveservices.azure.com/.`,
    );
  }
  return `service:${new URL(endpoint).host}/${projectId.toLowerCase()}`;
}

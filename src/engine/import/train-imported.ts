import type { Detector } from '../detection/detector.ts';
import type { Backbone } from '../model/backbone.ts';
import type { Store } from '../store/store.ts';
import { trainIteration } from '../training/train-iteration.ts';
import type { TrainingStage } from '../training/train-iteration.ts';
import { TrainingError } from '../training/training-fault.ts';

export type TrainedImport =
  | { readonly kind: 'trained'; readonly iterationId: string }
  /** The message says why; the photos are there all the same. */
  | { readonly kind: 'untrained'; readonly reason: string };

/**
 * Trains what a project holds: a training that was broken off is gone on with, and one that learnt
 * of the same contents is not done again.
 */
export async function trainImported(
  store: Store,
  { backbone, detector }: { backbone: Backbone; detector: Detector | undefined },
  projectId: string,
  onProgress: (stage: TrainingStage, done: number, of: number) => void,
): Promise<TrainedImport> {
  const iterations = store.iterations.list(projectId);
  const revision = store.projects.get(projectId)?.contentRevision;
  const done = iterations.find(
    ({ status, contentRevision, backboneId }) =>
      status === 'Completed' && contentRevision === revision && backboneId === backbone.id,
  );
  if (done) return { kind: 'trained', iterationId: done.id };
  const { id } =
    iterations.find(({ status }) => status === 'Training') ??
    store.iterations.begin(projectId, { trainingType: 'Regular', reservedHours: 0 });
  try {
    await trainIteration({
      store,
      backbone,
      detector,
      iterationId: id,
      onProgress,
      checkpoint: () => undefined,
    });
    return { kind: 'trained', iterationId: id };
  } catch (error) {
    if (!(error instanceof TrainingError)) throw error;
    store.iterations.fail(id, error.message);
    return { kind: 'untrained', reason: error.message };
  }
}

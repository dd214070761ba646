import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';

import { loadDetector } from './detection/detector.ts';
import type { Detector } from './detection/detector.ts';
import { loadBackbone } from './model/backbone.ts';
import type { Backbone } from './model/backbone.ts';
import { openStore } from './store/store.ts';
import type { Store } from './store/store.ts';
import { lookAhead } from './training/look-ahead.ts';
import { trainIteration } from './training/train-iteration.ts';
import { TrainingError } from './training/training-fault.ts';
import type {
  TrainingAnswer,
  TrainingJob,
  TrainingThreadData,
} from './training/training-messages.ts';

const port = parentPort;
if (!port) throw new Error('This entry is for a thread of the engine.');

const { dataDir, modelDir, detectorDir, threads, stop } = workerData as TrainingThreadData;
const stopped = new Int32Array(stop);
const progressEveryMs = 100;

// A third of the share that a thread of predictions gets. On Linux a priority is a thread's own, and
// goes over to the threads that it starts; elsewhere it would slow the predictions down as well.
const niceness = 5;
if (process.platform === 'linux') setPriority(0, niceness);

const tell = (answer: TrainingAnswer): void => port.postMessage(answer);

function checkpoint(): void {
  if (Atomics.load(stopped, 0) !== 0) throw new TrainingError('The training was stopped.');
}

interface Tools {
  readonly store: Store;
  readonly backbone: Backbone;
  readonly detector: Detector | undefined;
}

async function run(job: TrainingJob, { store, backbone, detector }: Tools): Promise<void> {
  if (job.kind === 'close') {
    await detector?.close();
    await backbone.close();
    store.close();
    port?.close();
  } else if (job.kind === 'look') {
    await lookAhead({ store, backbone, photos: job.photos, views: job.views, checkpoint });
  } else {
    let toldMs = -Infinity;
    await trainIteration({
      store,
      backbone,
      detector,
      iterationId: job.iterationId,
      checkpoint,
      onProgress(stage, done, of) {
        const nowMs = performance.now();
        if (done < of && nowMs - toldMs < progressEveryMs) return;
        toldMs = nowMs;
        tell({ kind: 'progress', stage, done, of });
      },
    });
  }
}

const store = openStore(dataDir);
const backbone = await loadBackbone({ modelDir, threads });
const detector = await loadDetector({ detectorDir, threads });
// One after another: the close that comes in the midst of a job waits until that has stopped.
let last = Promise.resolve();
port.on('message', (job: TrainingJob) => {
  last = last
    .then(() => run(job, { store, backbone, detector }))
    .then(
      () => tell({ kind: 'done' }),
      (error: unknown) =>
        tell({
          kind: 'failed',
          message: error instanceof Error ? error.message : String(error),
          isForeseen: error instanceof TrainingError,
        }),
    );
});

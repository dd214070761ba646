import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';

import { serveThread } from '../shared/calls/thread-calls.ts';
import { loadDetector } from './detection/detector.ts';
import { loadBackbone } from './model/backbone.ts';
import { openStore } from './store/store.ts';
import { lookAhead } from './training/look-ahead.ts';
import { trainIteration } from './training/train-iteration.ts';
import { TrainingError } from './training/training-fault.ts';
import { foreseen } from './training/training-messages.ts';
import type {
  TrainingCalls,
  TrainingProgress,
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

function checkpoint(): void {
  if (Atomics.load(stopped, 0) !== 0) throw new TrainingError('The training was stopped.');
}

const store = openStore(dataDir);
const backbone = await loadBackbone({ modelDir, threads });
const detector = await loadDetector({ detectorDir, threads });
// One after another: the close that comes in the midst of a job waits until that has stopped.
serveThread<TrainingCalls, TrainingProgress>(port, {
  inOrder: true,
  failureOf: (error) => ({
    message: error instanceof Error ? error.message : String(error),
    ...(error instanceof TrainingError && { code: foreseen }),
  }),
  handlers: {
    train: async (iterationId, tell) => {
      let toldMs = -Infinity;
      await trainIteration({
        store,
        backbone,
        detector,
        iterationId,
        checkpoint,
        onProgress(stage, done, of) {
          const nowMs = performance.now();
          if (done < of && nowMs - toldMs < progressEveryMs) return;
          toldMs = nowMs;
          tell({ stage, done, of });
        },
      });
      return null;
    },
    look: async ({ photos, views }) => {
      await lookAhead({ store, backbone, photos, views, checkpoint });
      return null;
    },
    close: async () => {
      await detector?.close();
      await backbone.close();
      store.close();
      port.close();
      return null;
    },
  },
});

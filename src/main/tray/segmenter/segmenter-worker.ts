import { parentPort, workerData } from 'node:worker_threads';

import { changeClasses } from './segmentation.ts';
import { loadSegmentationModel } from './segmentation-model.ts';
import type { TrayPicture } from './segmentation.ts';
import type { SegmenterAnswer, SegmenterData, SegmenterJob } from './segmenter-messages.ts';

const port = parentPort;
/** Of the size that cameras mostly give. */
const bare: TrayPicture = { width: 160, height: 120, grey: new Uint8Array(160 * 120) };

if (!port) throw new Error('This entry is for a thread of the app.');

const model = await loadSegmentationModel((workerData as SegmenterData).modelPath);
// What runs for the first time takes several times as long, and that shall not be a shopper's picture.
await model.segment(bare, bare);

async function run(job: SegmenterJob): Promise<void> {
  if (job.kind === 'close') {
    await model.close();
    port?.close();
    return;
  }
  try {
    const segmentation = await model.segment(job.now, job.accepted);
    const answer: SegmenterAnswer = { kind: 'segmented', segmentation };
    const owned = changeClasses.map((kind) => segmentation[kind].buffer as ArrayBuffer);
    port?.postMessage(answer, owned);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    port?.postMessage({ kind: 'failed', message } satisfies SegmenterAnswer);
  }
}

// One after another: who gave this thread up sends a close in the midst of a picture.
let last = Promise.resolve();
port.on('message', (job: SegmenterJob) => {
  last = last.then(() => run(job));
});
port.postMessage({ kind: 'ready' } satisfies SegmenterAnswer);

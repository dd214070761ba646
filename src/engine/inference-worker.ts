import { parentPort, workerData } from 'node:worker_threads';

import { loadFeatureExtractor } from './inference/feature-extractor.ts';
import type { FeatureExtractor } from './inference/feature-extractor.ts';
import type {
  InferenceRequest,
  InferenceAnswer,
  InferenceJob,
  InferenceThreadData,
} from './inference/inference-messages.ts';
import { PictureError } from './model/picture.ts';

const port = parentPort;
if (!port) throw new Error('This entry is for a thread of the engine.');

async function answerTo(
  job: InferenceRequest,
  { features, propose }: FeatureExtractor,
): Promise<InferenceAnswer> {
  try {
    if (job.kind === 'propose') {
      return { kind: 'proposals', proposals: await propose(job.picture) };
    }
    const rows = await features(job.picture, job.views);
    return { kind: 'features', rows: rows.map((row) => new Float32Array(row)) };
  } catch (error) {
    if (error instanceof PictureError) {
      return { kind: 'refused', fault: error.fault, message: error.message };
    }
    return { kind: 'failed', message: error instanceof Error ? error.message : String(error) };
  }
}

const extractor = await loadFeatureExtractor(workerData as InferenceThreadData);

async function run(job: InferenceJob): Promise<void> {
  if (job.kind === 'close') {
    await extractor.close();
    port?.close();
    return;
  }
  const answer = await answerTo(job, extractor);
  const owned = answer.kind === 'features' ? answer.rows.map(({ buffer }) => buffer) : [];
  port?.postMessage(answer, owned);
}

// One after another: who gave this thread up sends a close in the midst of a picture.
let last = Promise.resolve();
port.on('message', (job: InferenceJob) => {
  last = last.then(() => run(job));
});
const { backboneId, featureCount, proposes } = extractor;
port.postMessage({ kind: 'ready', backboneId, featureCount, proposes } satisfies InferenceAnswer);

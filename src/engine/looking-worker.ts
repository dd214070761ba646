import { parentPort, workerData } from 'node:worker_threads';

import { loadLooker } from './looking/looker.ts';
import type { Looker } from './looking/looker.ts';
import type {
  Look,
  LookingAnswer,
  LookingJob,
  LookingThreadData,
} from './looking/looking-messages.ts';
import { PictureError } from './model/picture.ts';

const port = parentPort;
if (!port) throw new Error('This entry is for a thread of the engine.');

async function answerTo(job: Look, { features, propose }: Looker): Promise<LookingAnswer> {
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

const looker = await loadLooker(workerData as LookingThreadData);

async function run(job: LookingJob): Promise<void> {
  if (job.kind === 'close') {
    await looker.close();
    port?.close();
    return;
  }
  const answer = await answerTo(job, looker);
  const owned = answer.kind === 'features' ? answer.rows.map(({ buffer }) => buffer) : [];
  port?.postMessage(answer, owned);
}

// One after another: who gave this thread up sends a close in the midst of a picture.
let last = Promise.resolve();
port.on('message', (job: LookingJob) => {
  last = last.then(() => run(job));
});
const { backboneId, featureCount, proposes } = looker;
port.postMessage({ kind: 'ready', backboneId, featureCount, proposes } satisfies LookingAnswer);

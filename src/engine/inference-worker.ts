import { parentPort, workerData } from 'node:worker_threads';

import { handOver } from '../shared/calls/serve-calls.ts';
import { serveThread } from '../shared/calls/thread-calls.ts';
import { loadFeatureExtractor } from './inference/feature-extractor.ts';
import type { InferenceCalls, InferenceThreadData } from './inference/inference-messages.ts';
import { PictureError } from './model/picture.ts';

const port = parentPort;
if (!port) throw new Error('This entry is for a thread of the engine.');

const extractor = await loadFeatureExtractor(workerData as InferenceThreadData);

// One after another: who gave this thread up sends a close in the midst of a picture.
serveThread<InferenceCalls>(port, {
  inOrder: true,
  failureOf: (error) => ({
    message: error instanceof Error ? error.message : String(error),
    ...(error instanceof PictureError && { code: error.fault }),
  }),
  handlers: {
    open: () => {
      const { backboneId, featureCount, proposes } = extractor;
      return { backboneId, featureCount, proposes };
    },
    run: async (job) => {
      if (job.kind === 'propose') {
        return { kind: 'proposals', proposals: await extractor.propose(job.picture) };
      }
      const seen = await extractor.features(job.picture, job.views);
      const rows = seen.map((row) => new Float32Array(row));
      return handOver(
        { kind: 'features', rows },
        rows.map(({ buffer }) => buffer),
      );
    },
    close: async () => {
      await extractor.close();
      port.close();
      return null;
    },
  },
});

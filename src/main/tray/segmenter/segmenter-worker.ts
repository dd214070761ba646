import { parentPort, workerData } from 'node:worker_threads';

import { handOver } from '../../../shared/calls/serve-calls.ts';
import { serveThread } from '../../../shared/calls/thread-calls.ts';
import { changeClasses } from './segmentation.ts';
import { loadSegmentationModel } from './segmentation-model.ts';
import type { TrayPicture } from './segmentation.ts';
import type { SegmenterData, SegmenterThread } from './segmenter-messages.ts';

const port = parentPort;
/** Of the size that cameras mostly give. */
const bare: TrayPicture = { width: 160, height: 120, grey: new Uint8Array(160 * 120) };

if (!port) throw new Error('This entry is for a thread of the app.');

const model = await loadSegmentationModel((workerData as SegmenterData).modelPath);
// What runs for the first time takes several times as long, and that shall not be a shopper's picture.
await model.segment(bare, bare);

// One after another: who gave this thread up sends a close in the midst of a picture.
serveThread<SegmenterThread>(port, {
  inOrder: true,
  handlers: {
    open: () => null,
    segment: async ({ now, accepted }) => {
      const segmentation = await model.segment(now, accepted);
      return handOver(
        segmentation,
        changeClasses.map((kind) => segmentation[kind].buffer),
      );
    },
    close: async () => {
      await model.close();
      port.close();
      return null;
    },
  },
});

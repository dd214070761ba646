import { handOver } from '../../shared/calls/serve-calls.ts';
import { serveWorker } from '../parts/worker-calls.ts';
import { jpegOf } from './frame-work.ts';
import type { PhotoWorker } from './photo-job.ts';

serveWorker<PhotoWorker>(self, {
  photo: async ({ frame, region, maxSide, orientation }) => {
    try {
      const photo = await jpegOf(frame, region, maxSide, orientation);
      return handOver(photo, [photo.jpeg.buffer]);
    } finally {
      frame.close();
    }
  },
});

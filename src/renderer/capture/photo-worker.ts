import { takeOrders } from '../parts/worker-orders.ts';
import { createFrameWork } from './frame-work.ts';
import type { PhotoOrder } from './photo-work.ts';

const work = createFrameWork();

takeOrders(self, async ({ frame, region, maxSide }: PhotoOrder) => {
  try {
    const photo = await work.jpeg(frame, region, maxSide);
    return { made: photo, transfer: [photo.jpeg.buffer] };
  } finally {
    frame.close();
  }
});

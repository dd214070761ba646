import { takeOrders } from '../parts/worker-orders.ts';
import { jpegOf } from './frame-work.ts';
import type { PhotoOrder } from './photo-order.ts';

takeOrders(self, async ({ frame, region, maxSide, orientation }: PhotoOrder) => {
  try {
    const photo = await jpegOf(frame, region, maxSide, orientation);
    return { made: photo, transfer: [photo.jpeg.buffer] };
  } finally {
    frame.close();
  }
});

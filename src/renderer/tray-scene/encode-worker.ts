import { handOver } from '../../shared/calls/serve-calls.ts';
import { serveWorker } from '../parts/worker-calls.ts';
import type { EncodeJob, EncodeWorker } from './encode-job.ts';

function blank(width: number, height: number) {
  const canvas = new OffscreenCanvas(width, height);
  const brush = canvas.getContext('2d', { willReadFrequently: true });
  if (brush === null) throw new Error('This system gives the page no 2D canvas.');
  return { canvas, brush };
}

async function encode({ rgba, width, height, side, type, quality }: EncodeJob) {
  const full = blank(width, height);
  full.brush.putImageData(new ImageData(rgba, width, height), 0, 0);
  let { canvas } = full;
  if (side !== undefined) {
    const smaller = blank(side, side);
    smaller.brush.imageSmoothingQuality = 'high';
    smaller.brush.drawImage(canvas, 0, 0, side, side);
    canvas = smaller.canvas;
  }
  const blob = await canvas.convertToBlob({ type, quality });
  const encoded = new Uint8Array(await blob.arrayBuffer());
  return handOver(encoded, [encoded.buffer]);
}

serveWorker<EncodeWorker>(self, { encode });

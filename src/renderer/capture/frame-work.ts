import { planCrop } from '../../shared/crop.ts';
import { shrinkLuma, shrinkRgba } from '../../shared/grey-thumb.ts';
import type { FrameWork } from './frame-pump.ts';

const jpegQuality = 0.85;

// Formats whose first plane is the brightness, a byte a pixel: a thumb needs no more than that.
const withLumaPlane: readonly (string | null)[] = ['I420', 'I420A', 'I422', 'I444', 'NV12'];

/** Thumbs and JPEGs by Chromium's own means; one at a time uses each canvas. */
export function createFrameWork(): FrameWork<VideoFrame> {
  let buffer = new Uint8Array(0);
  const small = new OffscreenCanvas(1, 1);

  async function fromLuma(frame: VideoFrame) {
    const bytes = frame.allocationSize();
    if (buffer.length < bytes) buffer = new Uint8Array(bytes);
    const [luma] = await frame.copyTo(buffer);
    const rect = frame.visibleRect;
    if (luma === undefined || rect === null) throw new Error('The frame has no planes.');
    return shrinkLuma(buffer.subarray(luma.offset), luma.stride, rect.width, rect.height);
  }

  function fromCanvas(frame: VideoFrame) {
    const { outWidth, outHeight } = planCrop(
      frame.displayWidth,
      frame.displayHeight,
      undefined,
      opaqueSide,
    );
    resize(small, outWidth, outHeight);
    const context = contextOf(small, { willReadFrequently: true });
    context.drawImage(frame, 0, 0, outWidth, outHeight);
    return shrinkRgba(context.getImageData(0, 0, outWidth, outHeight).data, outWidth, outHeight);
  }

  return {
    thumb: async (frame) =>
      withLumaPlane.includes(frame.format) ? fromLuma(frame) : fromCanvas(frame),
    jpeg: async (frame, region, maxSide) => {
      const crop = planCrop(frame.displayWidth, frame.displayHeight, region ?? undefined, maxSide);
      const canvas = new OffscreenCanvas(crop.outWidth, crop.outHeight);
      const context = contextOf(canvas, { alpha: false });
      context.imageSmoothingQuality = 'high';
      const { left, top, width, height, outWidth, outHeight } = crop;
      context.drawImage(frame, left, top, width, height, 0, 0, outWidth, outHeight);
      const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: jpegQuality });
      const jpeg = new Uint8Array(await blob.arrayBuffer());
      return { jpeg, width: outWidth, height: outHeight };
    },
  };
}

/** Frames that only the graphics card can read are first made this large at most. */
const opaqueSide = 640;

function resize(canvas: OffscreenCanvas, width: number, height: number): void {
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
}

function contextOf(
  canvas: OffscreenCanvas,
  settings: CanvasRenderingContext2DSettings,
): OffscreenCanvasRenderingContext2D {
  const context = canvas.getContext('2d', settings);
  if (context === null) throw new Error('There is no canvas to draw the frame on.');
  return context;
}

import type { Photo } from '../../shared/frame.ts';
import { partOf, planCrop } from '../../shared/crop.ts';
import { paintRoundItem } from '../../shared/item-mask.ts';
import type { ItemRegion } from '../../shared/item-mask.ts';
import {
  isUpright,
  rectAsTaken,
  rowsStand,
  uprightMatrix,
  uprightSize,
  uprightThumb,
} from '../../shared/orientation.ts';
import type { Orientation } from '../../shared/orientation.ts';
import { thumbFromRgba, thumbFromYuv, yuvPicture } from '../../shared/thumb.ts';
import type { PixelRect, YuvFormat } from '../../shared/thumb.ts';
import { codingOf } from './colour-coding.ts';
import type { FrameWork } from './frame-pump.ts';

const jpegQuality = 0.85;

// Brightness and colour in planes, a byte a value: a thumb is made of them without a canvas.
const planar: readonly YuvFormat[] = ['I420', 'I420A', 'I422', 'I444', 'NV12'];

/** Upright thumbs and JPEGs by Chromium's own means; one at a time uses each canvas. */
export function createFrameWork(
  orientation: () => Orientation,
): Omit<FrameWork<VideoFrame>, 'photo'> {
  let buffer = new Uint8Array(0);
  const small = new OffscreenCanvas(1, 1);

  async function fromPlanes(frame: VideoFrame, format: YuvFormat) {
    const bytes = frame.allocationSize();
    if (buffer.length < bytes) buffer = new Uint8Array(bytes);
    const layout = await frame.copyTo(buffer);
    const rect = frame.visibleRect;
    if (rect === null) throw new Error('The frame has no planes.');
    return thumbFromYuv(yuvPicture(format, buffer, layout, rect, codingOf(frame.colorSpace)));
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
    return thumbFromRgba(context.getImageData(0, 0, outWidth, outHeight).data, outWidth, outHeight);
  }

  return {
    thumb: async (frame) => {
      const format = planar.find((known) => known === frame.format);
      const thumb = format === undefined ? fromCanvas(frame) : await fromPlanes(frame, format);
      return uprightThumb(orientation(), thumb);
    },
    jpeg: (frame, region, maxSide) => jpegOf(frame, region, maxSide, orientation()),
  };
}

/** A part of the upright picture. Has read the frame when it returns, while it still encodes. */
export async function jpegOf(
  frame: VideoFrame,
  region: ItemRegion | null,
  maxSide: number,
  orientation: Orientation,
): Promise<Omit<Photo, 'atMs'>> {
  // Asked now, for the frame may be closed later.
  const upright = uprightSize(orientation, {
    width: frame.displayWidth,
    height: frame.displayHeight,
  });
  const crop = planCrop(upright.width, upright.height, region ?? undefined, maxSide);
  const shown = partOf(crop, upright.width, upright.height);
  const { outWidth, outHeight } = crop;
  const canvas = new OffscreenCanvas(outWidth, outHeight);
  // What is painted round is read back, which a canvas on the graphics card would make slow.
  const context = contextOf(canvas, { alpha: false, willReadFrequently: Boolean(region?.mask) });
  context.imageSmoothingQuality = 'high';
  const { left, top, width, height } = rectAsTaken(orientation, crop, upright);
  const stand = rowsStand(orientation);
  const [drawnWidth, drawnHeight] = stand ? [outHeight, outWidth] : [outWidth, outHeight];
  context.setTransform(...uprightMatrix(orientation, { width: outWidth, height: outHeight }));
  if (isReadable(frame)) {
    const { pixels, extraX, extraY } = await copyOf(frame, { left, top, width, height });
    if (width === drawnWidth && height === drawnHeight && isUpright(orientation)) {
      context.putImageData(pixels, -extraX, -extraY);
    } else {
      const part = await createImageBitmap(pixels, extraX, extraY, width, height);
      context.drawImage(part, 0, 0, drawnWidth, drawnHeight);
      part.close();
    }
  } else {
    context.drawImage(frame, left, top, width, height, 0, 0, drawnWidth, drawnHeight);
  }
  if (region?.mask) {
    const drawn = context.getImageData(0, 0, outWidth, outHeight);
    paintRoundItem(drawn.data, outWidth, shown, region.mask);
    context.putImageData(drawn, 0, 0);
  }
  const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: jpegQuality });
  const jpeg = new Uint8Array(await blob.arrayBuffer());
  return { jpeg, width: outWidth, height: outHeight };
}

/** Its pixels lie in memory, one for each that is shown. */
function isReadable({ format, visibleRect, displayWidth, displayHeight }: VideoFrame): boolean {
  return (
    format !== null && visibleRect?.width === displayWidth && visibleRect.height === displayHeight
  );
}

/**
 * Copies a part of a frame, which may be closed as soon as this has returned. Drawn onto a canvas
 * instead, every frame would stay in Chromium's cache of decoded images, up to 512 MB of them.
 */
async function copyOf(frame: VideoFrame, part: PixelRect): Promise<CopiedPart> {
  const own = frame.clone();
  try {
    const shownFrom = own.visibleRect ?? { x: 0, y: 0 };
    const [x, y] = [shownFrom.x + part.left, shownFrom.y + part.top];
    // Two pixels share a colour: a copy begins with the first of them.
    const [extraX, extraY] = [x % 2, y % 2];
    const [width, height] = [part.width + extraX, part.height + extraY];
    const rgba = new Uint8ClampedArray(width * height * 4);
    const even: CopyAsRgba = {
      rect: { x: x - extraX, y: y - extraY, width, height },
      format: 'RGBA',
    };
    await own.copyTo(rgba, even);
    return { pixels: new ImageData(rgba, width, height), extraX, extraY };
  } finally {
    own.close();
  }
}

/** The part begins so many pixels further in. */
interface CopiedPart {
  readonly pixels: ImageData;
  readonly extraX: number;
  readonly extraY: number;
}

/** https://www.w3.org/TR/webcodecs/#dictdef-videoframecopytooptions, newer than TypeScript's. */
interface CopyAsRgba extends VideoFrameCopyToOptions {
  readonly format: 'RGBA';
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

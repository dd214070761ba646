import { partOf, planCrop } from '../../shared/crop.ts';
import type { Crop } from '../../shared/crop.ts';
import { paintRoundItem } from '../../shared/item-mask.ts';
import { thumbFromRgba, thumbFromYuv, yuvPicture } from '../../shared/thumb.ts';
import type { YuvFormat } from '../../shared/thumb.ts';
import { codingOf } from './colour-coding.ts';
import type { FrameWork } from './frame-pump.ts';

const jpegQuality = 0.85;

// Brightness and colour in planes, a byte a value: a thumb is made of them without a canvas.
const planar: readonly YuvFormat[] = ['I420', 'I420A', 'I422', 'I444', 'NV12'];

/** Thumbs and JPEGs by Chromium's own means; one at a time uses each canvas. */
export function createFrameWork(): Omit<FrameWork<VideoFrame>, 'photo'> {
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
      return format === undefined ? fromCanvas(frame) : fromPlanes(frame, format);
    },
    jpeg: async (frame, region, maxSide) => {
      const crop = planCrop(frame.displayWidth, frame.displayHeight, region ?? undefined, maxSide);
      // Asked now, for the frame may be closed later.
      const shown = partOf(crop, frame.displayWidth, frame.displayHeight);
      const { left, top, width, height, outWidth, outHeight } = crop;
      const canvas = new OffscreenCanvas(outWidth, outHeight);
      // What is painted round is read back, which a canvas on the graphics card would make slow.
      const context = contextOf(canvas, {
        alpha: false,
        willReadFrequently: Boolean(region?.mask),
      });
      context.imageSmoothingQuality = 'high';
      if (isReadable(frame)) {
        const { pixels, extraX, extraY } = await copyOf(frame, crop);
        if (width === outWidth && height === outHeight) {
          context.putImageData(pixels, -extraX, -extraY);
        } else {
          const part = await createImageBitmap(pixels, extraX, extraY, width, height);
          context.drawImage(part, 0, 0, outWidth, outHeight);
          part.close();
        }
      } else {
        context.drawImage(frame, left, top, width, height, 0, 0, outWidth, outHeight);
      }
      if (region?.mask) {
        const drawn = context.getImageData(0, 0, outWidth, outHeight);
        paintRoundItem(drawn.data, outWidth, shown, region.mask);
        context.putImageData(drawn, 0, 0);
      }
      const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: jpegQuality });
      const jpeg = new Uint8Array(await blob.arrayBuffer());
      return { jpeg, width: outWidth, height: outHeight };
    },
  };
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
async function copyOf(frame: VideoFrame, part: Crop): Promise<CopiedPart> {
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

import type { Region } from './frame.ts';
import type { PixelRect, ThumbPicture } from './thumb.ts';

/** What makes a camera's picture upright: it is turned, then mirrored left to right. */
export interface Orientation {
  /** Degrees clockwise. */
  readonly turned: 0 | 90 | 180 | 270;
  readonly mirrored: boolean;
}

export const asTaken: Orientation = { turned: 0, mirrored: false };

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Whether a picture is upright as the camera gives it. */
export function isUpright({ turned, mirrored }: Orientation): boolean {
  return turned === 0 && !mirrored;
}

/** Whether the sensor's rows are columns of the upright picture. */
export function rowsStand({ turned }: Orientation): boolean {
  return turned === 90 || turned === 270;
}

/** The upright picture's size. */
export function uprightSize(orientation: Orientation, { width, height }: Size): Size {
  return rowsStand(orientation) ? { width: height, height: width } : { width, height };
}

/** The part of the camera's own picture that a part of the upright one shows, in fractions. */
export function regionAsTaken(
  orientation: Orientation,
  { left, top, width, height }: Region,
): Region {
  return rectAsTaken(orientation, { left, top, width, height }, { width: 1, height: 1 });
}

/** The same in pixels of an upright picture of that size. */
export function rectAsTaken(
  { turned, mirrored }: Orientation,
  rect: PixelRect,
  upright: Size,
): PixelRect {
  const { top, width, height } = rect;
  const left = mirrored ? upright.width - rect.left - width : rect.left;
  const [right, bottom] = [upright.width - left - width, upright.height - top - height];
  switch (turned) {
    case 0:
      return { left, top, width, height };
    case 90:
      return { left: top, top: right, width: height, height: width };
    case 180:
      return { left: right, top: bottom, width, height };
    case 270:
      return { left: bottom, top: left, width: height, height: width };
  }
}

/** As CanvasRenderingContext2D.setTransform takes it. */
export type CanvasMatrix = [number, number, number, number, number, number];

/**
 * Has a canvas of the upright picture's size draw what is given as the camera sees it: a picture
 * drawn from 0, 0 at its own size fills the canvas.
 */
export function uprightMatrix({ turned, mirrored }: Orientation, upright: Size): CanvasMatrix {
  const { width, height } = upright;
  const turn = {
    0: [1, 0, 0, 1, 0, 0],
    90: [0, 1, -1, 0, width, 0],
    180: [-1, 0, 0, -1, width, height],
    270: [0, -1, 1, 0, 0, height],
  } as const satisfies Record<Orientation['turned'], CanvasMatrix>;
  const [a, b, c, d, e, f] = turn[turned];
  return mirrored ? [-a, b, -c, d, width - e, f] : [a, b, c, d, e, f];
}

/** The same values in the upright picture's order, row by row; one value is a pixel. */
export function turnValues<T extends Uint8Array | Uint32Array>(
  orientation: Orientation,
  values: T,
  { width, height }: Size,
): T {
  const upright = uprightSize(orientation, { width, height });
  const turned = values.slice() as T;
  // Where the upright picture's first pixel is in the camera's, and how far the next ones are.
  const at = (x: number, y: number): number => {
    const { left, top } = rectAsTaken(
      orientation,
      { left: x, top: y, width: 1, height: 1 },
      upright,
    );
    return top * width + left;
  };
  const [first, across, down] = [at(0, 0), at(1, 0) - at(0, 0), at(0, 1) - at(0, 0)];
  let to = 0;
  for (let y = 0; y < upright.height; y += 1) {
    let from = first + y * down;
    for (let x = 0; x < upright.width; x += 1) {
      turned[to] = values[from]!;
      to += 1;
      from += across;
    }
  }
  return turned;
}

/** A thumb as the upright picture would have given it. */
export function uprightThumb<T extends ThumbPicture>(orientation: Orientation, thumb: T): T {
  if (isUpright(orientation)) return thumb;
  const { grey, chroma } = thumb;
  const turn = (plane: Uint8Array): Uint8Array => turnValues(orientation, plane, thumb);
  return {
    ...thumb,
    ...uprightSize(orientation, thumb),
    grey: turn(grey),
    ...(chroma && { chroma: { cb: turn(chroma.cb), cr: turn(chroma.cr) } }),
  };
}

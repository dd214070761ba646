import type { Thumb } from '../../../shared/frame.ts';

/** A picture of the tray without a time. */
export type TrayPicture = Omit<Thumb, 'atMs'>;

/** In the order of the model's output. */
export const changeClasses = ['same', 'added', 'removed', 'person', 'edge'] as const;

export type ChangeClass = (typeof changeClasses)[number];

/**
 * What the change of each pixel is, row by row, each as a share of 255. The first four sum up to
 * about 255:
 * - `same`: as it was, perhaps under other light;
 * - `added`: a thing is there now and was not;
 * - `removed`: a thing was there and is not now;
 * - `person`: a hand, an arm, a body.
 *
 * `edge` tells by itself how likely the pixel is the outermost of an added thing: where two touch, it
 * parts them.
 */
export type Segmentation = Readonly<Record<ChangeClass, Uint8Array>> & {
  readonly width: number;
  readonly height: number;
};

/** The model halves its picture four times. */
const MULTIPLE = 16;
const NEUTRAL = 128;
const PLANES = 6;

/** A picture pair as the model takes it: six planes, filled up to whole sixteens. */
export interface ModelInput {
  readonly pixels: Uint8Array<ArrayBuffer>;
  readonly width: number;
  readonly height: number;
}

const filledUp = (count: number): number => Math.ceil(count / MULTIPLE) * MULTIPLE;

/** @throws RangeError where the pictures are not of one size, or a plane is not of that size. */
export function toModelInput(now: TrayPicture, accepted: TrayPicture): ModelInput {
  const size = now.width * now.height;
  if (accepted.width !== now.width || accepted.height !== now.height) {
    throw new RangeError(
      `A picture of ${now.width}×${now.height} cannot be held against one of ` +
        `${accepted.width}×${accepted.height}.`,
    );
  }
  const width = filledUp(now.width);
  const height = filledUp(now.height);
  const pixels = new Uint8Array(PLANES * width * height);
  [now, accepted].forEach(({ grey, chroma }, picture) => {
    [grey, chroma?.cb, chroma?.cr].forEach((plane, index) => {
      const from = (picture * 3 + index) * width * height;
      const filled = pixels.subarray(from, from + width * height);
      if (plane === undefined) filled.fill(NEUTRAL);
      else if (plane.length !== size) {
        throw new RangeError(
          `A picture of ${now.width}×${now.height} has a plane of ${plane.length} pixels.`,
        );
      } else fillUp(plane, now, filled, width, height);
    });
  });
  return { pixels, width, height };
}

/** Repeats the last column and row, as the training does. */
function fillUp(
  plane: Uint8Array,
  from: { readonly width: number; readonly height: number },
  to: Uint8Array,
  width: number,
  height: number,
): void {
  for (let y = 0; y < height; y += 1) {
    const start = Math.min(y, from.height - 1) * from.width;
    const row = plane.subarray(start, start + from.width);
    to.set(row, y * width);
    to.fill(row[from.width - 1]!, y * width + from.width, (y + 1) * width);
  }
}

/** The model's shares of 0 to 1, in planes of the input's size, cut to the picture's. */
export function toSegmentation(
  shares: Float32Array,
  input: ModelInput,
  { width, height }: { readonly width: number; readonly height: number },
): Segmentation {
  const planes = changeClasses.map((_, index) => {
    const plane = new Uint8Array(width * height);
    const first = index * input.width * input.height;
    for (let y = 0, at = 0; y < height; y += 1) {
      let from = first + y * input.width;
      for (let x = 0; x < width; x += 1) plane[at++] = 255 * shares[from++]! + 0.5;
    }
    return plane;
  });
  const [same, added, removed, person, edge] = planes;
  return {
    width,
    height,
    same: same!,
    added: added!,
    removed: removed!,
    person: person!,
    edge: edge!,
  };
}

import { seededRandom } from '../../shared/seeded-random.ts';
import { matrixOf } from './matrix.ts';
import { fitSpace, placeAll } from './space.ts';
import type { Place, Space } from './space.ts';

/** The same for every training, so that the same photos always give the same head. */
export const seed = 20_260_101;

const dimensions = 256;
/** So many tell where things lie as well as more would; the classifier learns of all. */
const rowsForSpace = 20_000;
const rowsAtOnce = 1_024;

/** Every view of every photo that is trained on. */
export interface Rows {
  readonly normalised: readonly Float32Array[];
  readonly labels: readonly number[];
  /** The index of the photo that each row is a view of. */
  readonly photos: readonly number[];
}

export function rowsOf(
  photos: readonly { readonly label: number; readonly views: readonly Float32Array[] }[],
  isTaken: (photo: number) => boolean,
  viewsAtMost: number,
): Rows {
  const normalised: Float32Array[] = [];
  const labels: number[] = [];
  const origins: number[] = [];
  photos.forEach((photo, index) => {
    if (!isTaken(index)) return;
    for (const view of photo.views.slice(0, viewsAtMost)) {
      normalised.push(view);
      labels.push(photo.label);
      origins.push(index);
    }
  });
  return { normalised, labels, photos: origins };
}

export function spaceOf({ normalised, labels }: Rows, classes: number): Space {
  const stride = Math.ceil(normalised.length / rowsForSpace);
  const isTaken = (_: unknown, row: number): boolean => row % stride === 0;
  return fitSpace({
    rows: matrixOf(normalised.filter(isTaken), normalised[0]?.length ?? 0),
    labels: labels.filter(isTaken),
    classes,
    dimensions,
    random: seededRandom(seed),
  });
}

export function placesOf(space: Space, normalised: readonly Float32Array[]): Place[] {
  const places: Place[] = [];
  // In parts: what it takes in between is several times what is placed.
  for (let start = 0; start < normalised.length; start += rowsAtOnce) {
    const part = normalised.slice(start, start + rowsAtOnce);
    places.push(...placeAll(space, matrixOf(part, space.mean.length)));
  }
  return places;
}

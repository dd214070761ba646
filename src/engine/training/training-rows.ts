/** The same for every training, so that the same photos always give the same head. */
export const seed = 20_260_101;

/** The views of photos that are trained on, each by its embedding. */
export interface Rows {
  readonly embeddings: readonly Float32Array[];
  /** The index of the photo that each row is a view of. */
  readonly photos: readonly number[];
}

export function rowsOf(viewsOf: readonly (readonly Float32Array[])[]): Rows {
  return {
    embeddings: viewsOf.flat(),
    photos: viewsOf.flatMap((views, photo) => views.map(() => photo)),
  };
}

/** The first views of each photo, and none of those that are held out. */
export function notHeld(
  viewsOf: readonly (readonly Float32Array[])[],
  isHeld: (photo: number) => boolean,
  viewsAtMost: number,
): (readonly Float32Array[])[] {
  return viewsOf.map((views, photo) => (isHeld(photo) ? [] : views.slice(0, viewsAtMost)));
}

/** The same for every training, so that the same photos always give the same head. */
export const seed = 20_260_101;

/** The views of photos that are trained on, each by its heading. */
export interface Rows {
  readonly headings: readonly Float32Array[];
  /** The index of the photo that each row is a view of. */
  readonly photos: readonly number[];
}

export function rowsOf(
  viewsOf: readonly (readonly Float32Array[])[],
  isTaken: (photo: number) => boolean,
  viewsAtMost: number,
): Rows {
  const headings: Float32Array[] = [];
  const photos: number[] = [];
  viewsOf.forEach((views, photo) => {
    if (!isTaken(photo)) return;
    for (const view of views.slice(0, viewsAtMost)) {
      headings.push(view);
      photos.push(photo);
    }
  });
  return { headings, photos };
}

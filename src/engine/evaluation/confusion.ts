/** A photo that was held out, as it is labelled and as it was judged. */
export interface JudgedPhoto {
  readonly tagIds: readonly string[];
  /** In the order of the tags; null where nothing was said of it. */
  readonly probabilities: readonly number[] | null;
}

export interface Confusion {
  /** A photo with several tags has no row, and is left out. */
  readonly add: (photo: JudgedPhoto) => void;
  /**
   * How many photos of each tag (row) were taken for which (column); the last column counts those
   * that were taken for nothing, for want of the threshold.
   */
  readonly rows: readonly (readonly number[])[];
}

export function createConfusion(tagIds: readonly string[], threshold: number): Confusion {
  const places = new Map(tagIds.map((id, place) => [id, place]));
  const rows = tagIds.map(() => Array.from({ length: tagIds.length + 1 }, () => 0));
  return {
    rows,
    add({ tagIds: labels, probabilities }) {
      const [label = '', ...others] = labels;
      const row = rows[places.get(label) ?? -1];
      if (!row || others.length > 0 || probabilities === null) return;
      const best = Math.max(...probabilities);
      const column = best >= threshold ? probabilities.indexOf(best) : tagIds.length;
      row[column] = (row[column] ?? 0) + 1;
    },
  };
}

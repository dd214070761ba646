/** A photo that was held out, as it is labelled and as it was judged. */
export interface JudgedPhoto {
  readonly tagIds: readonly string[];
  /** In the order of the tags; null where nothing was said of it. */
  readonly probabilities: readonly number[] | null;
}

/**
 * How many photos of each tag (row) were taken for which (column); the last column counts those
 * that were taken for nothing, for want of `threshold`. A photo with several tags has no row.
 */
export function confusionOf(
  tagIds: readonly string[],
  photos: Iterable<JudgedPhoto>,
  threshold: number,
): number[][] {
  const rows = tagIds.map(() => Array.from({ length: tagIds.length + 1 }, () => 0));
  for (const { tagIds: labels, probabilities } of photos) {
    const [label, ...others] = labels;
    const row = rows[tagIds.indexOf(label ?? '')];
    if (!row || others.length > 0 || probabilities === null) continue;
    const best = Math.max(...probabilities);
    const column = best >= threshold ? probabilities.indexOf(best) : tagIds.length;
    row[column] = (row[column] ?? 0) + 1;
  }
  return rows;
}

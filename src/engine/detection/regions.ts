import type { Box } from '../domain/box.ts';
import type { Label } from '../store/iteration-image-store.ts';
import type { Iteration } from '../store/iteration-store.ts';

/** A thing that lies in a photo, by the place of its tag in the iteration. */
export interface TaughtRegion {
  readonly label: number;
  readonly box: Box;
}

/** The regions that an iteration was taught of a photo; tags without a place are none. */
export function regionsOf(
  { tags }: Pick<Iteration, 'tags'>,
  { labels }: { readonly labels: readonly Label[] },
): TaughtRegion[] {
  return labels.flatMap(({ tagId, left, top, width, height }) => {
    const label = tags.findIndex(({ id }) => id === tagId);
    const isPlaced =
      left !== undefined && top !== undefined && width !== undefined && height !== undefined;
    return isPlaced && label >= 0 ? [{ label, box: { left, top, width, height } }] : [];
  });
}

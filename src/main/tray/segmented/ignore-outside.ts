import type { Corner } from '../outside.ts';
import { insideOf } from '../outside.ts';
import { addedThings } from '../segmenter/added-things.ts';
import type { Segmentation } from '../segmenter/segmentation.ts';

/**
 * Makes a function that takes added things of which less than half lies on the tray, whose corners are
 * given in order, for what lay there before. Persons stay what they are wherever they stand, and so
 * does what was removed: where no placement lay, it is none.
 */
export function createIgnoreOutside(
  { width, height }: { readonly width: number; readonly height: number },
  corners: readonly Corner[] | null,
): (segmentation: Segmentation) => Segmentation {
  if (corners === null) return (segmentation) => segmentation;
  const isInside = insideOf(width, height, corners);
  return (segmentation) => {
    const { things, numbers } = addedThings(segmentation);
    const inside = new Map<number, number>();
    for (let at = 0; at < numbers.length; at += 1) {
      const number = numbers[at]!;
      if (isInside[at] === 1) inside.set(number, (inside.get(number) ?? 0) + 1);
    }
    const outside = new Set(
      things
        .filter(({ number, pixels }) => 2 * (inside.get(number) ?? 0) < pixels)
        .map(({ number }) => number),
    );
    if (outside.size === 0) return segmentation;
    const [same, added, edge] = (['same', 'added', 'edge'] as const).map((kind) =>
      segmentation[kind].slice(),
    );
    for (let at = 0; at < numbers.length; at += 1) {
      if (!outside.has(numbers[at]!)) continue;
      same![at] = same![at]! + added![at]!;
      added![at] = 0;
      edge![at] = 0;
    }
    return { ...segmentation, same: same!, added: added!, edge: edge! };
  };
}

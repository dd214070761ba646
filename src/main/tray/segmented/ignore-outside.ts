import type { Corner } from '../outside.ts';
import { insideOf } from '../outside.ts';
import type { AddedThings } from '../segmenter/added-things.ts';
import type { Segmentation } from '../segmenter/segmentation.ts';

/** What the model said of a picture, and the added things that were found in it. */
export interface Found {
  readonly segmentation: Segmentation;
  readonly added: AddedThings;
}

/**
 * Makes a function that takes added things of which less than half lies on the tray, whose corners are
 * given in order, for what lay there before. Persons stay what they are wherever they stand, and so
 * does what was removed: where no placement lay, it is none.
 */
export function createIgnoreOutside(
  { width, height }: { readonly width: number; readonly height: number },
  corners: readonly Corner[] | null,
): (found: Found) => Found {
  if (corners === null) return (found) => found;
  const isInside = insideOf(width, height, corners);
  return (found) => {
    const {
      segmentation,
      added: { things, numbers },
    } = found;
    const inside = new Map<number, number>();
    for (let at = 0; at < numbers.length; at += 1) {
      const number = numbers[at]!;
      if (isInside[at] === 1) inside.set(number, (inside.get(number) ?? 0) + 1);
    }
    const onTray = things.filter(({ number, pixels }) => 2 * (inside.get(number) ?? 0) >= pixels);
    if (onTray.length === things.length) return found;
    const isOnTray = new Set(onTray.map(({ number }) => number));
    const [same, added, edge] = (['same', 'added', 'edge'] as const).map((kind) =>
      segmentation[kind].slice(),
    );
    const numbersOnTray = numbers.slice();
    for (let at = 0; at < numbers.length; at += 1) {
      if (numbers[at] === 0 || isOnTray.has(numbers[at]!)) continue;
      // Each is rounded, so that both may be more than the whole.
      same![at] = Math.min(255, same![at]! + added![at]!);
      added![at] = 0;
      edge![at] = 0;
      numbersOnTray[at] = 0;
    }
    return {
      segmentation: { ...segmentation, same: same!, added: added!, edge: edge! },
      added: { things: onTray, numbers: numbersOnTray },
    };
  };
}

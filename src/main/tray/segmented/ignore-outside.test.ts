import { expect, test } from 'vitest';

import { addedThings } from '../segmenter/added-things.ts';
import type { Segmentation } from '../segmenter/segmentation.ts';
import { createIgnoreOutside } from './ignore-outside.ts';
import type { Found } from './ignore-outside.ts';

const width = 40;
const height = 30;
const corners = [
  { x: 0.25, y: 0 },
  { x: 1, y: 0 },
  { x: 1, y: 1 },
  { x: 0.25, y: 1 },
];

interface Block {
  readonly kind: 'added' | 'removed' | 'person';
  readonly left: number;
}

/** All is the same but for blocks of 8×8 pixels, from row 10 on. */
function foundIn(blocks: readonly Block[]): Found {
  const plane = (fill = 0) => new Uint8Array(width * height).fill(fill);
  const planes = {
    same: plane(255),
    added: plane(),
    removed: plane(),
    person: plane(),
    edge: plane(),
  };
  for (const { kind, left } of blocks) {
    for (let y = 10; y < 18; y += 1) {
      planes.same.fill(5, y * width + left, y * width + left + 8);
      planes[kind].fill(250, y * width + left, y * width + left + 8);
      if (kind === 'added') planes.edge.fill(200, y * width + left, y * width + left + 1);
    }
  }
  const segmentation: Segmentation = { width, height, ...planes };
  return { segmentation, added: addedThings(segmentation) };
}

const ignoreOutside = createIgnoreOutside({ width, height }, corners);

test.each([
  { name: 'outside', left: 0, isKept: false },
  { name: 'mostly outside', left: 5, isKept: false },
  { name: 'half outside', left: 6, isKept: true },
  { name: 'inside', left: 20, isKept: true },
])('an added thing $name counts as a whole or not at all: $isKept', ({ left, isKept }) => {
  const shown = foundIn([{ kind: 'added', left }]);
  const nothing = foundIn([]);
  expect(ignoreOutside(shown)).toEqual(isKept ? shown : nothing);
});

test('a thing outside takes none with it that lies on the tray', () => {
  const both = foundIn([
    { kind: 'added', left: 0 },
    { kind: 'added', left: 20 },
  ]);
  const { segmentation, added } = ignoreOutside(both);
  const alone = foundIn([{ kind: 'added', left: 20 }]);
  expect(segmentation).toEqual(alone.segmentation);
  // It keeps the number that it was found by.
  expect(added.things).toEqual([{ ...alone.added.things[0], number: 2 }]);
  expect(added.numbers).toEqual(alone.added.numbers.map((number) => 2 * number));
});

test('what lay there before is all of it, where rounding made the parts more than the whole', () => {
  const { segmentation, added } = foundIn([{ kind: 'added', left: 0 }]);
  const same = segmentation.same.map((share) => (share === 5 ? 6 : share));
  const kept = ignoreOutside({ segmentation: { ...segmentation, same }, added }).segmentation;
  expect(new Set(kept.same)).toEqual(new Set([255]));
});

test.each(['person', 'removed'] as const)('a %s outside stays what it is', (kind) => {
  const shown = foundIn([{ kind, left: 0 }]);
  expect(ignoreOutside(shown)).toEqual(shown);
});

test('what was shown is left as it was', () => {
  const shown = foundIn([{ kind: 'added', left: 0 }]);
  ignoreOutside(shown);
  expect(shown).toEqual(foundIn([{ kind: 'added', left: 0 }]));
});

test('without corners all that the camera sees is the tray', () => {
  const shown = foundIn([{ kind: 'added', left: 0 }]);
  expect(createIgnoreOutside({ width, height }, null)(shown)).toBe(shown);
});

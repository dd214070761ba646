import { expect, test } from 'vitest';

import type { Segmentation } from '../segmenter/segmentation.ts';
import { createIgnoreOutside } from './ignore-outside.ts';

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
function segmentationOf(blocks: readonly Block[]): Segmentation {
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
  return { width, height, ...planes };
}

const ignoreOutside = createIgnoreOutside({ width, height }, corners);

test.each([
  { name: 'outside', left: 0, isKept: false },
  { name: 'mostly outside', left: 5, isKept: false },
  { name: 'half outside', left: 6, isKept: true },
  { name: 'inside', left: 20, isKept: true },
])('an added thing $name counts as a whole or not at all: $isKept', ({ left, isKept }) => {
  const shown = segmentationOf([{ kind: 'added', left }]);
  const nothing = segmentationOf([]);
  expect(ignoreOutside(shown)).toEqual(isKept ? shown : nothing);
});

test('a thing outside takes none with it that lies on the tray', () => {
  const both = segmentationOf([
    { kind: 'added', left: 0 },
    { kind: 'added', left: 20 },
  ]);
  expect(ignoreOutside(both)).toEqual(segmentationOf([{ kind: 'added', left: 20 }]));
});

test.each(['person', 'removed'] as const)('a %s outside stays what it is', (kind) => {
  const shown = segmentationOf([{ kind, left: 0 }]);
  expect(ignoreOutside(shown)).toEqual(shown);
});

test('what was shown is left as it was', () => {
  const shown = segmentationOf([{ kind: 'added', left: 0 }]);
  ignoreOutside(shown);
  expect(shown).toEqual(segmentationOf([{ kind: 'added', left: 0 }]));
});

test('without corners all that the camera sees is the tray', () => {
  const shown = segmentationOf([{ kind: 'added', left: 0 }]);
  expect(createIgnoreOutside({ width, height }, null)(shown)).toBe(shown);
});

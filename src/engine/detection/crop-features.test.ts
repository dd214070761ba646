import { expect, test } from 'vitest';

import type { Backbone } from '../model/backbone.ts';
import type { FeatureStore } from '../store/feature-store.ts';
import { openStore } from '../store/store.ts';
import { drawTray } from '../testing/drawn-photos.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { cropsOfPhoto } from './crop-features.ts';
import type { Detector } from './detector.ts';

const featureCount = 200;
const { jpeg, boxes } = drawTray(['tomato', 'carton'], 1);

/** Says of each view where it is looked from, in numbers that are kept exactly. */
const backbone: Backbone = {
  id: 'test',
  featureCount,
  features: async (_, views) =>
    views.map(({ part, turnDegrees = 0 }) =>
      new Float32Array(featureCount).fill(Math.round((part?.left ?? 0) * 8) / 8 + turnDegrees),
    ),
  close: async () => undefined,
};

const detector: Detector = {
  id: 'test',
  propose: async () => [
    { box: { left: 0.5, top: 0.25, width: 0.25, height: 0.5 }, objectness: 0.75 },
    { box: { left: 0, top: 0.125, width: 0.5, height: 0.5 }, objectness: 0.5 },
  ],
  close: async () => undefined,
};

function looking(features: FeatureStore) {
  let reads = 0;
  const look = (regions: typeof boxes) =>
    cropsOfPhoto({
      photo: 'photo',
      regions,
      features,
      backbone,
      detector,
      read: async () => {
        reads += 1;
        return jpeg;
      },
      checkpoint: () => undefined,
    });
  return { look, reads: () => reads };
}

test('a photo is looked at once for the same regions, and remembered as it was', async () => {
  const store = openStore(temporaryFolder());
  try {
    const { look, reads } = looking(store.features);
    const first = await look(boxes);
    expect(first.proposals.slice(0, 2)).toMatchObject(await detector.propose(undefined as never));
    expect(first.regions).toHaveLength(boxes.length);
    expect(first.regions[0]).toHaveLength(first.regions[1]!.length);
    const again = await look(boxes);
    expect(reads()).toBe(1);
    expect(again.regions).toEqual(first.regions);
    for (const [index, { box, objectness, features }] of again.proposals.entries()) {
      const before = first.proposals[index]!;
      expect(features).toEqual(before.features);
      expect(objectness).toBe(before.objectness);
      // Kept in 16 bits: within half a pixel of a picture of 1,000.
      for (const side of ['left', 'top', 'width', 'height'] as const) {
        expect(Math.abs(box[side] - before.box[side])).toBeLessThan(5e-4);
      }
    }
    expect((await look(boxes.slice(1))).regions).toHaveLength(1);
    expect(reads()).toBe(2);
  } finally {
    store.close();
  }
});

test('what nobody proposed is at the end, and nothing to be found', async () => {
  const store = openStore(temporaryFolder());
  try {
    const { proposals } = await looking(store.features).look([]);
    const strays = proposals.slice(2);
    expect(strays.length).toBeGreaterThan(0);
    expect(strays.every(({ objectness }) => objectness === 0)).toBe(true);
    expect(strays.every(({ box }) => box.left + box.width <= 1)).toBe(true);
  } finally {
    store.close();
  }
});

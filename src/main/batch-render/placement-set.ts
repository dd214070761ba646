import type { SceneLight } from '../../shared/capture.ts';
import { demoProducts, strangers } from '../../shared/demo-products.ts';
import { seededRandom } from '../../shared/seeded-random.ts';
import type { PosedPicture } from './training-set.ts';

const productPlacements = 300;
const placementsPerStranger = 30;

/**
 * Placements to measure the demo shop by: products and strangers at random, in a random light and
 * noise, every other one alone and the rest beside one to three others. The folder is the thing's id.
 */
export function placementSet(seed: number): readonly PosedPicture[] {
  const random = seededRandom(seed);
  const pick = <Item>(items: readonly Item[]): Item => {
    const item = items[Math.floor(random() * items.length)];
    if (item === undefined) throw new RangeError('There is nothing to pick from.');
    return item;
  };
  const products = demoProducts.map(({ id }) => id);
  const place = (thingId: string, index: number): PosedPicture => ({
    folder: thingId,
    pose: {
      thingId,
      onLast: false,
      otherIds: Array.from({ length: index % 2 === 0 ? 0 : 1 + Math.floor(random() * 3) }, () =>
        pick(products),
      ),
      // Far from the training's seeds, which count up from a small number.
      seed: 1_000_000 + Math.floor(random() * 1_000_000_000),
      light: randomLight(random),
      noise: 1 + random() * 3,
    },
  });
  return [
    ...Array.from({ length: productPlacements }, (_, index) =>
      place(index < products.length ? (products[index] ?? pick(products)) : pick(products), index),
    ),
    ...strangers.flatMap(({ id }) =>
      Array.from({ length: placementsPerStranger }, (_, index) => place(id, index)),
    ),
  ];
}

export function randomLight(random: () => number): SceneLight {
  return {
    level: 0.7 + random() * 0.6,
    warmth: random() * 1.6 - 0.8,
    turn: random() * 2 * Math.PI,
  };
}

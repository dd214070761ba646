import type { SceneLight, ScenePose } from '../../shared/capture.ts';
import { demoProducts, strangers } from '../../shared/demo-products.ts';

/** One placement to photograph: the folder is its tag, as the engine's `train` reads it. */
export interface PosedPicture {
  readonly folder: string;
  readonly pose: ScenePose;
}

const rounds = 54;
const thingsOnTray = 6;

/**
 * What the demo project is trained on: in each round every product and some things that the shop
 * does not sell once, at random places and turns, six to a tray one after another, so that each is
 * seen alone as well as in a crowd, and each tray in another light.
 */
export function trainingSet(firstSeed: number): readonly PosedPicture[] {
  const things = [
    ...demoProducts.map(({ id }) => ({ id, folder: id })),
    ...strangers
      .filter(({ use }) => use === 'train')
      .map(({ id }) => ({ id, folder: `_negative-${id}` })),
  ];
  return Array.from({ length: rounds }, (_, round) => dealt(things, round))
    .flat()
    .map(({ id, folder }, index) => {
      const tray = Math.floor(index / thingsOnTray);
      return {
        folder,
        pose: {
          thingId: id,
          onLast: index % thingsOnTray > 0,
          otherIds: [],
          seed: firstSeed + index,
          light: lightFor(tray),
          noise: 1 + (tray % 4),
        },
      };
    });
}

/** All of them once, in an order that brings others together in each round. */
function dealt<Thing>(things: readonly Thing[], round: number): readonly Thing[] {
  // Every step that has no divisor in common with the number of things meets each of them once.
  const steps = things.map((_, step) => step).filter((step) => divisor(step, things.length) === 1);
  const step = steps[round % steps.length] ?? 1;
  return things.flatMap((_, index) => things[(round * 5 + index * step) % things.length] ?? []);
}

function divisor(a: number, b: number): number {
  return b === 0 ? a : divisor(b, a % b);
}

/** From dim and cold to bright and warm, in steps that have no common divisor. */
function lightFor(index: number): SceneLight {
  return {
    level: 0.7 + ((index * 7) % 11) * 0.06,
    warmth: (((index * 5) % 9) - 4) / 5,
    turn: ((index * 3) % 8) * (Math.PI / 4),
  };
}

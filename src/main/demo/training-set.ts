import type { CropJob, SceneLight } from '../../shared/capture.ts';
import { demoProducts, strangers } from '../../shared/demo-products.ts';

/** One picture of the demo project: the folder is its tag, as the engine's `train` reads it. */
export interface TrainingPicture {
  readonly folder: string;
  readonly job: CropJob;
}

const picturesPerProduct = 40;
const picturesPerStranger = 24;

/**
 * What the demo project is trained on: every product many times at random places and turns, in
 * different light, alone and beside others; and a few things that the shop does not sell.
 */
export function trainingSet(firstSeed: number): readonly TrainingPicture[] {
  let seed = firstSeed;
  const picture = (folder: string, thingId: string, index: number): TrainingPicture => {
    seed += 1;
    return {
      folder,
      job: {
        thingId,
        seed,
        light: lightFor(index),
        noise: 1 + (index % 4),
        distractorIds: distractorsFor(thingId, index),
        maxSide: 256,
        quality: 0.9,
      },
    };
  };
  const times = (count: number) => Array.from({ length: count }, (_, index) => index);
  return [
    ...demoProducts.flatMap(({ id }) =>
      times(picturesPerProduct).map((index) => picture(id, id, index)),
    ),
    ...strangers
      .filter((stranger) => stranger.use === 'train')
      .flatMap(({ id }) =>
        times(picturesPerStranger).map((index) => picture(`_negative-${id}`, id, index)),
      ),
  ];
}

/** From dim and cold to bright and warm, in steps that have no common divisor. */
function lightFor(index: number): SceneLight {
  return {
    level: 0.7 + ((index * 7) % 11) * 0.06,
    warmth: (((index * 5) % 9) - 4) / 5,
    turn: ((index * 3) % 8) * (Math.PI / 4),
  };
}

/** Every other picture is of the thing alone; the rest have one to three others on the tray. */
function distractorsFor(thingId: string, index: number): readonly string[] {
  const others = demoProducts.map(({ id }) => id).filter((id) => id !== thingId);
  const count = index % 2 === 0 ? 0 : 1 + (index % 3);
  return Array.from(
    { length: count },
    (_, step) => others[(index * 5 + step * 3) % others.length] ?? others[0] ?? thingId,
  );
}

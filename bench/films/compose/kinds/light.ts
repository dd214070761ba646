import type { Flicker, LampStep } from '../camera.ts';
import { mirroredWindow } from '../mirror.ts';
import { loadPhoto } from '../picture.ts';
import { between, pick } from '../random.ts';
import type { Random } from '../random.ts';
import { anyGround } from './kind.ts';
import type { Kind } from './kind.ts';
import { sale } from './sale.ts';

/** What the light does. */
export const lightKinds = {
  'flicker-50': flickering(50, [0.02, 0.12], [30, 29.97, 15, 20, 24, 10], 'rows'),
  'flicker-60': flickering(60, [0.01, 0.12], [29.97, 29.97, 25, 30, 20, 14.985, 10], 'rows'),

  /** More than can be undone: the tray has to say so. */
  'flicker-deep': {
    ...flickering(50, [0.15, 0.3], [30, 29.97, 15], 'rows'),
    says: () => [{ reason: 'flicker', fromS: 0 }],
  },

  /** A camera that hangs turned by 90°: its rows are the picture's columns. */
  'turned-camera': flickering(50, [0.02, 0.12], [30, 29.97, 25, 15], 'columns'),

  'exposure-hunts': {
    rates: [30, 25, 15],
    grounds: anyGround,
    play: sale,
    camera: ({ random, groundLevel }) => ({
      autoExposure: {
        target: groundLevel * between(random, 0.85, 1.15),
        lagS: between(random, 0.07, 0.35),
        everyS: between(random, 0.07, 0.25),
        gain: between(random, 0.4, 1.2),
        smallestStep: pick(random, [1 / 12, 1 / 6, 1 / 3]),
        largestStep: between(random, 0.3, 0.8),
        tolerance: between(random, 0.1, 0.22),
      },
      whiteDrift: { levels: between(random, 0, 5), periodS: between(random, 5, 20) },
    }),
  },

  'lamp-steps': {
    rates: [30, 15],
    grounds: anyGround,
    play: sale,
    camera: ({ random, durationS }) => {
      const lampSteps: LampStep[] = [];
      for (let atS = between(random, 2, 4); atS < durationS - 1; atS += between(random, 3, 6)) {
        // What went off comes on again, so that it stays about as bright.
        const before = lampSteps.reduce((light, { factor }) => light * factor, 1);
        const factor = before === 1 ? between(random, 0.72, 1.25) : 1 / before;
        lampSteps.push({ atS, factor });
      }
      const cloudy = random() < 0.5;
      return {
        lampSteps,
        clouds: cloudy
          ? { depth: between(random, 0.08, 0.25), periodS: between(random, 6, 16) }
          : null,
      };
    },
  },

  /** People who walk by take light. */
  shade: {
    rates: [30, 15],
    grounds: anyGround,
    play: sale,
    camera: ({ random, durationS }) => ({
      shades: Array.from({ length: 4 }, (_, index) => ({
        atS: ((index + random()) * durationS) / 4,
        lengthS: between(random, 1, 3),
        depth: between(random, 0.1, 0.32),
        width: between(random, 0.25, 0.8),
        towards: random() * 2 * Math.PI,
      })),
    }),
  },

  /** Light that moves over all of the tray without rest: the tray has to say so. */
  restless: {
    rates: [30, 25, 15],
    grounds: anyGround,
    play: async (context) => (await sale(context, { lays: 3, takes: 0 })) + 7,
    camera: ({ random, durationS }) => ({
      unrest: {
        fromS: durationS - 7,
        by: pick(random, ['fan', 'lamp']),
        depth: between(random, 0.4, 0.8),
        periodS: between(random, 0.4, 1.2),
        towards: random() * 2 * Math.PI,
      },
    }),
    says: ({ unrest }) => [{ reason: 'restless', fromS: unrest?.fromS ?? 0 }],
  },

  'screen-mirrored': {
    rates: [30, 15],
    grounds: ['tray', 'dark', 'table', 'white-table'],
    play: sale,
    mirror: async ({ random, durationS }, { labels }, film) => {
      const photos = await Promise.all([1, 2].map(() => loadPhoto(pick(random, labels), 64)));
      const levels = between(random, 14, 40);
      return mirroredWindow(film, random, { photos, durationS, levels });
    },
  },

  'low-light': {
    rates: [30, 15],
    grounds: ['table', 'white-table', 'tray', 'wood'],
    play: sale,
    camera: ({ random }) => {
      const light = between(random, 0.1, 0.4);
      return {
        light,
        exposureS: between(random, 0.025, 0.033),
        // The less light, the more it is amplified.
        noise: {
          read: between(random, 0.8, 1.6) + 0.2 / light,
          shot: between(random, 0.15, 0.3),
          smearPx: between(random, 0.8, 1.6),
        },
      };
    },
    says: ({ light }, groundLevel) =>
      light * groundLevel < 24 ? [{ reason: 'dim', fromS: 0 }] : [],
  },
} satisfies Record<string, Kind>;

function flickering(
  mainsHz: number,
  [least, most]: readonly [number, number],
  rates: readonly number[],
  bands: Flicker['bands'],
): Kind {
  return {
    rates,
    grounds: anyGround,
    play: sale,
    camera: ({ random }) => ({
      flicker: flickerOf(random, mainsHz, between(random, least, most), bands),
    }),
  };
}

export function flickerOf(
  random: Random,
  mainsHz: number,
  depth: number,
  bands: Flicker['bands'] = 'rows',
): Flicker {
  return {
    // Mains are never quite what they are called.
    mainsHz: mainsHz + between(random, -0.03, 0.03),
    depth,
    wave: random() < 0.5 ? 'sine' : 'rectified',
    phase: random(),
    bands,
  };
}

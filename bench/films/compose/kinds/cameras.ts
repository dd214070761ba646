import type { AutoExposure, Bump, FocusPulse } from '../camera.ts';
import { between, pick } from '../random.ts';
import type { Random } from '../random.ts';
import { anyGround } from './kind.ts';
import type { Kind } from './kind.ts';
import { flickerOf } from './light.ts';
import { sale } from './sale.ts';

/** What the camera does. */
export const cameraKinds = {
  shake: {
    rates: [30, 25, 15],
    grounds: anyGround,
    play: sale,
    camera: ({ random, durationS }) => {
      const bumps: Bump[] = [];
      for (let atS = between(random, 2, 6); atS < durationS - 1; atS += between(random, 5, 12)) {
        const [way, towards] = [between(random, 1, 2.2), random() * 2 * Math.PI];
        bumps.push({ atS, dx: way * Math.cos(towards), dy: way * Math.sin(towards) });
      }
      return { shakePx: random() < 0.3 ? 0 : between(random, 0.2, 1.5), bumps };
    },
  },

  focus: {
    rates: [30, 25, 15],
    grounds: anyGround,
    play: sale,
    camera: ({ random, durationS }) => {
      const focusPulses: FocusPulse[] = [];
      for (let atS = between(random, 1.5, 3); atS < durationS - 1; atS += between(random, 1.5, 4)) {
        const lengthS = between(random, 0.3, 0.9);
        focusPulses.push({ atS, lengthS, blurPx: between(random, 0.7, 2.2) });
      }
      return { focusPulses };
    },
  },

  /** Disturbances that are mild each by itself. */
  'mild-all': {
    rates: [30, 29.97, 25, 20, 15],
    grounds: anyGround,
    play: sale,
    camera: ({ random, durationS, groundLevel }) => ({
      autoExposure: followingExposure(random, groundLevel),
      whiteDrift: { levels: between(random, 1, 4), periodS: between(random, 5, 15) },
      flicker: flickerOf(random, pick(random, [50, 60]), between(random, 0.01, 0.025)),
      jpegQuality: Math.round(between(random, 40, 80)),
      shakePx: between(random, 0.3, 1),
      shades: Array.from({ length: 2 }, (_, index) => ({
        atS: ((index + random()) * durationS) / 2,
        lengthS: between(random, 1.2, 3),
        depth: between(random, 0.1, 0.2),
        width: between(random, 0.3, 0.8),
        towards: random() * 2 * Math.PI,
      })),
    }),
  },

  /** From the first picture on, or from later. */
  frozen: {
    rates: [30, 15],
    grounds: anyGround,
    play: async (context) => {
      const endS = await sale(context, { lays: 4, takes: 0 });
      return endS + 6;
    },
    camera: ({ random, durationS }) => ({
      frozenFromS: random() < 0.5 ? 0 : between(random, 4, durationS - 7),
    }),
    says: ({ frozenFromS }) => [{ reason: 'frozen', fromS: frozenFromS ?? 0 }],
  },

  slow: {
    rates: [5, 6, 7, 8],
    grounds: anyGround,
    play: sale,
    says: () => [{ reason: 'slow', fromS: 0 }],
  },
} satisfies Record<string, Kind>;

/** An exposure that follows calmly what comes into the picture. */
export function followingExposure(random: Random, groundLevel: number): AutoExposure {
  return {
    target: groundLevel * between(random, 0.92, 1.08),
    lagS: between(random, 0.1, 0.3),
    everyS: between(random, 0.1, 0.25),
    gain: between(random, 0.4, 0.8),
    smallestStep: 1 / 12,
    largestStep: 0.4,
    tolerance: 0.12,
  };
}

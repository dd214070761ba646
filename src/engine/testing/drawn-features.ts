import { seededRandom } from '../../shared/seeded-random.ts';

const featureCount = 40;

/**
 * Features as a backbone might give them: each kind of thing has its own loud ones, and noise on
 * all. One row for each of `views`.
 */
export function drawFeatures(kind: number, seed: number, views = 2): Float32Array[] {
  const random = seededRandom(seed * 977 + kind);
  return Array.from({ length: views }, () =>
    Float32Array.from({ length: featureCount }, (_, index) => {
      const isLoud = index % 8 === kind;
      return (isLoud ? 2 + random() : 0) + random() * 0.8;
    }),
  );
}

export const drawnFeatureCount = featureCount;

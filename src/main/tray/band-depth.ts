/** What bands make of some lines across a picture, each as a logarithm of its factor. */
export type BandCurve = readonly number[];

/** How high bands of the mains are, from how their curve moves. */
export interface BandDepth {
  /** Takes the curve of a picture, held against the accepted one; null where there are no bands. */
  readonly look: (curve: BandCurve | null, elapsedMs: number) => void;
  /** As a part of the light. */
  readonly depth: number;
}

/**
 * The accepted picture has bands of its own, which add to those of each picture: a line's factor swings
 * about another value than one. How far it swings about its own mean is how high they are. Where a wave
 * wanders by in seconds, so long is needed to see it.
 */
const OVER_MS = [1500, 6000] as const;

export function createBandDepth(): BandDepth {
  const swings = OVER_MS.map(createSwing);
  return {
    look(curve, elapsedMs) {
      for (const swing of swings) swing.look(curve, elapsedMs);
    },
    get depth() {
      return Math.max(...swings.map(({ height }) => height));
    },
  };
}

/** How high waves are that pass over lines, over so long. */
function createSwing(overMs: number) {
  let means: readonly number[] = [];
  let [variance, count] = [0, 0];
  return {
    look(curve: BandCurve | null, elapsedMs: number): void {
      const overTime = Math.min(1, elapsedMs / overMs);
      if (curve === null) {
        variance *= 1 - overTime;
        count = 0;
        return;
      }
      count += 1;
      // The first of new bands has no mean to be held against.
      if (count === 1) means = curve;
      const share = Math.max(overTime, 1 / count);
      const steps = curve.map((value, line) => value - means[line]!);
      means = means.map((mean, line) => mean + share * steps[line]!);
      const squares = steps.reduce((sum, step) => sum + step * step, 0) / steps.length;
      variance += Math.max(overTime, 1 / Math.max(2, count)) * ((1 - share) * squares - variance);
    },
    /** A wave's square is half its height's on the mean. */
    get height(): number {
      return Math.sqrt(2 * variance);
    },
  };
}

import { dot, rowOf } from './matrix.ts';
import type { Matrix } from './matrix.ts';

/**
 * How open a head is to what it sees: a picture whose heading is as near to a taught one as
 * `threshold` passes by half, `width` says how steeply that changes.
 */
export interface Gate {
  readonly threshold: number;
  readonly width: number;
}

export function openness(gate: Gate, nearness: number): number {
  return 1 / (1 + Math.exp(-(nearness - gate.threshold) / gate.width));
}

/** Cosine to the nearest of the taught headings that `counts`; -1 where there is none. */
export function nearnessTo(
  references: Matrix,
  heading: Float32Array,
  counts: (row: number) => boolean = () => true,
): number {
  let nearest = -1;
  for (let row = 0; row < references.rows; row += 1) {
    if (counts(row)) nearest = Math.max(nearest, dot(rowOf(references, row), heading));
  }
  return nearest;
}

const knownToPass = 0.03;
const strangersToPass = 0.02;
/** The gate is 95% open at the known end and 5% at the strange end: ln(0.95 / 0.05). */
const logOdds = Math.log(19);
const narrowest = 0.01;
/**
 * With few tags the others lie far away on the opposite side, nearer than which any stranger is, so
 * the gate never sinks below this share of the known end (measured on the fruit lab, two of three).
 */
const leastOfKnown = 0.7;

/**
 * Sets the gate between the nearness of taught products in photos that were held out, and that of
 * strangers: products whose own tag was taken away, and what is tagged Negative. Where they overlap
 * the known ones decide: at most 3% of them may be shut out.
 */
export function fitGate(known: readonly number[], strangers: readonly number[]): Gate {
  const lowKnown = quantile(known, knownToPass);
  const highStrange = strangers.length > 0 ? quantile(strangers, 1 - strangersToPass) : -1;
  if (highStrange < lowKnown) {
    const threshold = Math.max((lowKnown + highStrange) / 2, leastOfKnown * lowKnown);
    return { threshold, width: Math.max((lowKnown - threshold) / logOdds, narrowest) };
  }
  const middleKnown = quantile(known, 0.5);
  return {
    threshold: lowKnown,
    width: Math.max((middleKnown - lowKnown) / logOdds, narrowest),
  };
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const at = share * (sorted.length - 1);
  const below = sorted[Math.floor(at)] ?? 0;
  const above = sorted[Math.ceil(at)] ?? below;
  return below + (above - below) * (at - Math.floor(at));
}

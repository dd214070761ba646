import type { Box } from '../domain/box.ts';

/** Where something seems to lie, whatever it is. */
export interface Proposal {
  readonly box: Box;
  /** How sure that there is a thing, 0 to 1. */
  readonly objectness: number;
}

/** What the detector says of a picture that was fitted into its input, from the upper left corner. */
export interface DetectorOutput {
  /** Channel by channel; the classes' logits first, then each side's distances. */
  readonly values: Float32Array;
  readonly side: number;
}

export interface DetectorHead {
  readonly classes: number;
  /** Into which the distance to each side of a box is divided. */
  readonly steps: number;
}

/** Fractions of the input's side that the picture fills. */
export interface Filled {
  readonly width: number;
  readonly height: number;
}

/**
 * The cells of one scale that seem to show a thing of any class. Each side of a box is told by how
 * likely each distance is: Li and others, "Generalized Focal Loss", 2020.
 */
export function decodeScale(
  { values, side }: DetectorOutput,
  { classes, steps }: DetectorHead,
  filled: Filled,
  leastObjectness: number,
): Proposal[] {
  const cells = side * side;
  const proposals: Proposal[] = [];
  for (let cell = 0; cell < cells; cell += 1) {
    let logit = -Infinity;
    for (let one = 0; one < classes; one += 1) {
      logit = Math.max(logit, values[one * cells + cell]!);
    }
    const objectness = 1 / (1 + Math.exp(-logit));
    if (objectness < leastObjectness) continue;
    const x = ((cell % side) + 0.5) / side;
    const y = (Math.floor(cell / side) + 0.5) / side;
    // What lies in the filling beside the picture is nothing of it.
    if (x > filled.width || y > filled.height) continue;
    const distance = (index: number): number =>
      expectedStep(values, classes + index * steps, steps, cells, cell) / side;
    const [left, top] = [x - distance(0), y - distance(1)];
    const [right, bottom] = [x + distance(2), y + distance(3)];
    proposals.push({
      objectness,
      box: {
        left: left / filled.width,
        top: top / filled.height,
        width: (right - left) / filled.width,
        height: (bottom - top) / filled.height,
      },
    });
  }
  return proposals;
}

function expectedStep(
  values: Float32Array,
  channel: number,
  steps: number,
  cells: number,
  cell: number,
): number {
  let most = -Infinity;
  for (let step = 0; step < steps; step += 1) {
    most = Math.max(most, values[(channel + step) * cells + cell]!);
  }
  let sum = 0;
  let total = 0;
  for (let step = 0; step < steps; step += 1) {
    const weight = Math.exp(values[(channel + step) * cells + cell]! - most);
    total += weight;
    sum += weight * step;
  }
  return sum / total;
}

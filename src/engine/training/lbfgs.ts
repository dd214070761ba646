/** Writes the gradient at `point` into `gradient` and gives the value. */
export type Objective = (point: Float64Array, gradient: Float64Array) => number;

export interface MinimiseOptions {
  readonly maxIterations: number;
  /** Stops when no part of the gradient is larger than this. */
  readonly tolerance: number;
}

const memory = 8;
const sufficientDecrease = 1e-4;
const shortestStep = 1e-10;

/**
 * L-BFGS with a backtracking line search, from `start`, for smooth convex objectives.
 * Nocedal and Wright, Numerical Optimization, algorithms 7.4 and 7.5.
 */
export function minimise(
  objective: Objective,
  start: Float64Array,
  { maxIterations, tolerance }: MinimiseOptions,
): Float64Array {
  // As in the book: s is a step, y what it changed in the gradient.
  const steps: { s: Float64Array; y: Float64Array; scale: number }[] = [];
  let point = start.slice();
  let gradient = new Float64Array(point.length);
  let value = objective(point, gradient);
  for (let iteration = 0; iteration < maxIterations; iteration += 1) {
    if (largest(gradient) <= tolerance) break;
    const direction = gradient.slice();
    const factors: number[] = [];
    for (const step of steps.toReversed()) {
      const factor = step.scale * dot(step.s, direction);
      factors.push(factor);
      add(direction, step.y, -factor);
    }
    const newest = steps.at(-1);
    if (newest) multiply(direction, 1 / (newest.scale * dot(newest.y, newest.y)));
    for (const step of steps) {
      add(direction, step.s, (factors.pop() ?? 0) - step.scale * dot(step.y, direction));
    }

    const slope = dot(gradient, direction);
    let length = newest ? 1 : Math.min(1, 1 / Math.sqrt(dot(gradient, gradient)));
    const nextGradient = new Float64Array(point.length);
    let next = point;
    let nextValue = Infinity;
    for (; length >= shortestStep; length /= 2) {
      next = point.slice();
      add(next, direction, -length);
      nextValue = objective(next, nextGradient);
      if (nextValue <= value - sufficientDecrease * length * slope) break;
    }
    if (length < shortestStep) break;

    const s = next.map((number, index) => number - point[index]!);
    const y = nextGradient.map((number, index) => number - gradient[index]!);
    const curvature = dot(s, y);
    if (curvature > 1e-14) {
      steps.push({ s, y, scale: 1 / curvature });
      if (steps.length > memory) steps.shift();
    }
    point = next;
    gradient = nextGradient;
    value = nextValue;
  }
  return point;
}

function largest(values: Float64Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index += 1) sum += a[index]! * b[index]!;
  return sum;
}

function add(target: Float64Array, source: Float64Array, factor: number): void {
  for (let index = 0; index < target.length; index += 1) target[index]! += factor * source[index]!;
}

function multiply(target: Float64Array, factor: number): void {
  for (let index = 0; index < target.length; index += 1) target[index]! *= factor;
}

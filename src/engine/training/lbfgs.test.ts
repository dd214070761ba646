import { expect, test } from 'vitest';

import { minimise } from './lbfgs.ts';

const exact = { maxIterations: 200, tolerance: 1e-8 };

test('finds the bottom of a long narrow bowl', () => {
  const bottom = [3, -2, 0.5, 7];
  const steepness = [1, 100, 0.01, 10];
  const found = minimise(
    (point, gradient) => {
      let value = 0;
      for (let index = 0; index < 4; index += 1) {
        const away = point[index]! - bottom[index]!;
        value += 0.5 * steepness[index]! * away ** 2;
        gradient[index] = steepness[index]! * away;
      }
      return value;
    },
    new Float64Array(4),
    exact,
  );
  bottom.forEach((value, index) => expect(found[index]).toBeCloseTo(value, 4));
});

test('follows a curved valley (Rosenbrock) to its end', () => {
  const found = minimise(
    ([x = 0, y = 0], gradient) => {
      gradient[0] = -2 * (1 - x) - 400 * x * (y - x * x);
      gradient[1] = 200 * (y - x * x);
      return (1 - x) ** 2 + 100 * (y - x * x) ** 2;
    },
    Float64Array.of(-1.2, 1),
    exact,
  );
  expect(found[0]).toBeCloseTo(1, 4);
  expect(found[1]).toBeCloseTo(1, 4);
});

test('stays where the gradient is nothing', () => {
  const start = Float64Array.of(4, 5);
  const found = minimise((_, gradient) => (gradient.fill(0), 1), start, exact);
  expect([...found]).toEqual([4, 5]);
});

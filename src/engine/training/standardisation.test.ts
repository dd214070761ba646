import { expect, test } from 'vitest';

import { seededRandom } from '../../shared/seeded-random.ts';
import { standardisationOf, standardised, unstandardised } from './standardisation.ts';
import { logits } from './logistic.ts';
import { matrixOf, rowOf } from '../model/matrix.ts';

const random = seededRandom(5);
const columns = 6;
const embeddings = Array.from({ length: 50 }, () =>
  Float32Array.from({ length: columns }, (_, column) => 3 + column + 0.02 * random()),
);
const standardisation = standardisationOf(embeddings, columns);

test('what is taught lies around nothing and is about one when it is standardised', () => {
  const { values } = standardised(standardisation, embeddings);
  const mean = values.reduce((sum, one) => sum + one, 0) / values.length;
  const square = values.reduce((sum, one) => sum + one * one, 0) / values.length;
  expect(mean).toBeCloseTo(0, 1);
  expect(square).toBeCloseTo(1, 1);
});

test('rows that are all alike stay numbers', () => {
  const alike = [embeddings[0]!, embeddings[0]!];
  expect(
    [...standardised(standardisationOf(alike, columns), alike).values].every(Number.isFinite),
  ).toBe(true);
});

test('a regression says the same of standardised rows and, brought back, of plain ones', () => {
  const model = {
    classes: 2,
    weights: matrixOf(
      [0, 1].map(() => Array.from({ length: columns + 1 }, () => random() - 0.5)),
      columns + 1,
    ),
  };
  const inside = logits(model, rowOf(standardised(standardisation, embeddings), 7));
  const outside = logits(unstandardised(standardisation, model), embeddings[7]!);
  outside.forEach((score, target) => expect(score).toBeCloseTo(inside[target]!, 2));
});

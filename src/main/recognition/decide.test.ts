import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Catalogue, Product } from '../../shared/catalogue.ts';
import { decide, questionOf } from './decide.ts';
import type { Decision, Prediction } from './recognition.ts';

const thresholds = { acceptProbability: 0.7, acceptGap: 0.3, askProbability: 0.15 };

function product(id: string, tag = id, organic = false): Product {
  return {
    id,
    tag,
    organic,
    names: {} as Product['names'],
    group: 'fruit',
    price: { kind: 'piece', priceMinor: 100 },
    taxBasisPoints: 0,
    depositMinor: 0,
    plu: null,
    picture: null,
  };
}

const catalogue: Catalogue = {
  currency: 'EUR',
  products: [
    ...['apple', 'banana', 'cherry', 'date', 'elder'].map((id) => product(id)),
    product('organic-lemon', 'Lemon', true),
    product('lemon', 'lemon'),
    product('nothing', 'nothing-there'),
  ],
};

function seen(
  probabilities: Readonly<Record<string, number>>,
  types: Readonly<Record<string, Prediction['tagType']>> = {},
): Prediction[] {
  return Object.entries(probabilities).map(([tagName, probability]) => ({
    tagId: tagName,
    tagName,
    tagType: types[tagName] ?? 'Regular',
    probability,
  }));
}

/** `accept banana`, `ask banana apple`, `unknown` with suggestions behind it. */
function told(decision: Decision): string {
  switch (decision.kind) {
    case 'accept':
      return `accept ${decision.productId}`;
    case 'ask':
      return ['ask', ...decision.candidates.map(({ productId }) => productId)].join(' ');
    case 'unknown':
      return ['unknown', ...decision.suggestions.map(({ productId }) => productId)].join(' ');
  }
}

const cases: readonly [string, readonly Prediction[], string][] = [
  ['sure and far ahead', seen({ banana: 0.95, apple: 0.03 }), 'accept banana'],
  ['the only tag', seen({ banana: 0.7 }), 'accept banana'],
  ['just at both thresholds', seen({ banana: 0.75, apple: 0.25 }), 'accept banana'],
  ['not sure enough', seen({ banana: 0.69, apple: 0.1, cherry: 0.01 }), 'ask banana apple'],
  ['too close', seen({ banana: 0.9, apple: 0.7 }), 'ask banana apple'],
  [
    'too close to a tag without a product',
    seen({ banana: 0.9, mug: 0.8, apple: 0 }),
    'ask banana apple',
  ],
  [
    'too close to a tag without a product, and alone',
    seen({ banana: 0.9, mug: 0.8 }),
    'unknown banana',
  ],
  [
    'many plausible ones: four at most',
    seen({ elder: 0.2, date: 0.2, cherry: 0.2, banana: 0.2, apple: 0.2 }),
    'ask apple banana cherry date',
  ],
  [
    'a tag without a product leads',
    seen({ mug: 0.5, banana: 0.4, apple: 0.06 }),
    'unknown banana apple',
  ],
  ['the same, by a hair and sure', seen({ mug: 0.99, banana: 0.98 }), 'unknown banana'],
  ['a tag without a product is level', seen({ banana: 0.5, zzz: 0.5 }), 'unknown banana'],
  [
    'a negative tag leads, though a product bears its name',
    seen({ 'nothing-there': 0.9, banana: 0.1 }, { 'nothing-there': 'Negative' }),
    'unknown banana',
  ],
  ['nothing plausible', seen({ banana: 0.14, apple: 0.06, cherry: 0.04 }), 'unknown banana apple'],
  ['no predictions', [], 'unknown'],
  ['only tags without products', seen({ mug: 0.6, phone: 0.4 }), 'unknown'],
  ['twins, however sure', seen({ lemon: 0.99, apple: 0.01 }), 'ask lemon organic-lemon'],
  ['twins among others', seen({ lemon: 0.5, apple: 0.4 }), 'ask lemon organic-lemon apple'],
  ['another case of letters', seen({ ' BANANA ': 0.95 }), 'accept banana'],
  ['out of order', seen({ apple: 0.03, banana: 0.95 }), 'accept banana'],
  ['a tag twice', [...seen({ banana: 0.1 }), ...seen({ banana: 0.95 })], 'accept banana'],
  [
    'a rival that is no number',
    seen({ banana: 0.95, apple: 0.03, mug: Number.NaN }),
    'ask banana apple',
  ],
  ['a rival over 1', seen({ banana: 0.95, apple: 0.03, mug: 97.3 }), 'ask banana apple'],
  ['nothing but nonsense', seen({ banana: Number.NaN, apple: -1, cherry: Infinity }), 'unknown'],
];

describe('decide', () => {
  test.each(cases)('%s', (_name, predictions, expected) => {
    expect(told(decide(predictions, catalogue, thresholds))).toBe(expected);
  });

  test('with one product alone there is nothing to ask', () => {
    const single: Catalogue = { currency: 'EUR', products: [product('banana')] };
    expect(told(decide(seen({ banana: 0.5, mug: 0.3 }), single, thresholds))).toBe(
      'unknown banana',
    );
  });

  test('follows another catalogue at once', () => {
    const other: Catalogue = { currency: 'EUR', products: [product('plantain', 'banana')] };
    expect(told(decide(seen({ banana: 0.95 }), catalogue, thresholds))).toBe('accept banana');
    expect(told(decide(seen({ banana: 0.95 }), other, thresholds))).toBe('accept plantain');
  });
});

describe('what is asked about a thing that may be nothing new', () => {
  const asked = (predictions: readonly Prediction[], of = catalogue) =>
    told(questionOf(decide(predictions, of, thresholds), predictions, of));

  test.each([
    ['sure: beside the next likely one', seen({ banana: 0.95, apple: 0.03 }), 'ask banana apple'],
    ['sure, before no product', seen({ banana: 0.9, mug: 0.1, date: 0 }), 'ask banana date'],
    ['sure, and the only tag', seen({ banana: 0.9 }), 'unknown banana'],
    ['a question already', seen({ banana: 0.5, apple: 0.4 }), 'ask banana apple'],
    ['no product', seen({ mug: 0.9, banana: 0.1 }), 'unknown banana'],
  ])('%s', (_name, predictions, expected) => {
    expect(asked(predictions)).toBe(expected);
  });
});

const tags = ['apple', 'banana', 'lemon', 'cherry', 'date', 'mug', 'phone', 'nothing-there', ''];
const anyNumber = fc.oneof(
  fc.double({ min: 0, max: 1, noNaN: true }),
  fc.constantFrom(0, 1, 0.7, 0.3, 0.15),
  fc.double(),
);
const anyPrediction: fc.Arbitrary<Prediction> = fc.record({
  tagId: fc.constant(''),
  tagName: fc.constantFrom(...tags),
  tagType: fc.constantFrom('Regular', 'Negative', 'GeneralProduct'),
  probability: anyNumber,
});
const anyThresholds = fc.record({
  acceptProbability: fc.double({ min: 0, max: 1, noNaN: true }),
  acceptGap: fc.double({ min: 0, max: 1, noNaN: true }),
  askProbability: fc.double({ min: 0, max: 1, noNaN: true }),
});
const ids = new Set(catalogue.products.map(({ id }) => id));

function mentioned(decision: Decision): readonly string[] {
  switch (decision.kind) {
    case 'accept':
      return [decision.productId];
    case 'ask':
      return decision.candidates.map(({ productId }) => productId);
    case 'unknown':
      return decision.suggestions.map(({ productId }) => productId);
  }
}

describe('whatever is predicted', () => {
  test('only products of the catalogue are named, each once, two to four in a question', () => {
    fc.assert(
      fc.property(fc.array(anyPrediction), anyThresholds, (predictions, limits) => {
        const decision = decide(predictions, catalogue, limits);
        const named = mentioned(decision);
        expect(named.every((id) => ids.has(id))).toBe(true);
        expect(new Set(named).size).toBe(named.length);
        expect(named.length).toBeLessThanOrEqual(4);
        if (decision.kind === 'ask') expect(named.length).toBeGreaterThanOrEqual(2);
      }),
      { numRuns: 500 },
    );
  });

  test('the order of the list means nothing', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(anyPrediction, { selector: ({ tagName }) => tagName }),
        anyThresholds,
        (predictions, limits) => {
          expect(decide(predictions.toReversed(), catalogue, limits)).toEqual(
            decide(predictions, catalogue, limits),
          );
        },
      ),
      { numRuns: 500 },
    );
  });

  test('nothing is accepted or asked about where what is no product leads or is level', () => {
    fc.assert(
      fc.property(
        fc.array(anyPrediction),
        fc.double({ min: 0, max: 1, noNaN: true }),
        anyThresholds,
        (others, top, limits) => {
          const behind = others.map((other) => ({
            ...other,
            probability: Math.min(top, other.probability),
          }));
          const predictions = [...behind, ...seen({ stranger: top })];
          expect(decide(predictions, catalogue, limits).kind).toBe('unknown');
        },
      ),
      { numRuns: 500 },
    );
  });

  test('an accepted product has its probability and its gap', () => {
    fc.assert(
      fc.property(fc.array(anyPrediction, { maxLength: 4 }), anyThresholds, (list, limits) => {
        const decision = decide(list, catalogue, limits);
        if (decision.kind !== 'accept') return;
        const own = catalogue.products.find(({ id }) => id === decision.productId)?.tag;
        const rivals = list.filter(({ tagName }) => tagName !== own);
        expect(decision.probability).toBeGreaterThanOrEqual(limits.acceptProbability);
        for (const { probability } of rivals) {
          expect(decision.probability - probability).toBeGreaterThanOrEqual(limits.acceptGap);
        }
      }),
      { numRuns: 1000 },
    );
  });

  test('a likelier leader is never worth less', () => {
    const worth = { unknown: 0, ask: 1, accept: 2 };
    const probability = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.record({ tag: fc.constantFrom(...tags), probability }), {
          selector: ({ tag }) => tag,
        }),
        probability,
        probability,
        anyThresholds,
        (rivals, one, other, limits) => {
          const rest = rivals.filter(({ tag }) => tag !== 'banana');
          const least = Math.max(0, ...rest.map((rival) => rival.probability));
          // Strictly ahead, so that banana leads in both lists.
          fc.pre(Math.min(one, other) > least);
          const decideFor = (banana: number) =>
            decide(
              seen({
                ...Object.fromEntries(rest.map((rival) => [rival.tag, rival.probability])),
                banana,
              }),
              catalogue,
              limits,
            ).kind;
          expect(worth[decideFor(Math.max(one, other))]).toBeGreaterThanOrEqual(
            worth[decideFor(Math.min(one, other))],
          );
        },
      ),
    );
  });
});

import { describe, expect, it } from 'vitest';
import type { Decision, Prediction } from '../recognition/recognition.ts';
import { compareLooks } from './compare-looks.ts';
import type { Known } from './compare-looks.ts';

const accept = (productId: string): Decision => ({ kind: 'accept', productId, probability: 0.9 });
const unknown: Decision = { kind: 'unknown', suggestions: [] };

const listOf = (probabilities: Readonly<Record<string, number>>): readonly Prediction[] =>
  Object.entries(probabilities).map(([tagName, probability]) => ({
    tagId: tagName,
    tagName,
    tagType: 'Regular',
    probability,
  }));

/** An embedding at so many degrees. */
const at = (degrees: number): Float32Array =>
  Float32Array.of(Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180));

function known(
  probabilities: Readonly<Record<string, number>>,
  decision: Decision,
  more: {
    readonly embedding?: Float32Array;
    readonly via?: 'first' | 'second';
    readonly weightGrams?: number;
  } = {},
): Known {
  const { embedding, via = 'first', weightGrams = null } = more;
  return {
    seen: {
      recognised: {
        kind: 'recognised',
        predictions: listOf(probabilities),
        ...(embedding === undefined ? {} : { embedding }),
        tookMs: 1,
        via,
      },
      decision,
    },
    weightGrams,
  };
}

const orange = { orange: 0.9, apple: 0.05 };
const apple = { apple: 0.9, orange: 0.05 };
const doubtful = { orange: 0.5, apple: 0.45 };

describe('by embeddings', () => {
  const first = known(orange, accept('orange'), { embedding: at(0) });

  it.each([
    ['near, and the same tag leads', known(doubtful, unknown, { embedding: at(50) }), 'same'],
    [
      'near, but another tag leads',
      known(apple, accept('apple'), { embedding: at(50) }),
      'unclear',
    ],
    ['far, and another product', known(apple, accept('apple'), { embedding: at(60) }), 'another'],
    [
      'far, and the same product',
      known(orange, accept('orange'), { embedding: at(60) }),
      'unclear',
    ],
    ['far, and not sure', known(doubtful, unknown, { embedding: at(60) }), 'unclear'],
    [
      'of another model, though near',
      known(orange, accept('orange'), { embedding: at(0), via: 'second' }),
      'unclear',
    ],
  ] as const)('%s', (_, second, comparison) => {
    expect(compareLooks(first, second)).toBe(comparison);
  });

  it('of things that are no product', () => {
    const strange = known({ none: 1 }, unknown, { embedding: at(0) });
    expect(compareLooks(strange, known({ none: 1 }, unknown, { embedding: at(10) }))).toBe('same');
    expect(compareLooks(strange, known({ none: 1 }, unknown, { embedding: at(90) }))).toBe(
      'unclear',
    );
  });

  it('of unlike lengths mean nothing: then the lists count', () => {
    const short = known(orange, accept('orange'), { embedding: Float32Array.of(1) });
    expect(compareLooks(first, short)).toBe('same');
  });
});

describe('by what was recognised', () => {
  const first = known(orange, accept('orange'));

  it.each([
    ['the same list', known(orange, accept('orange')), 'same'],
    ['half of it in common', known({ orange: 0.5, lemon: 0.5 }, accept('orange')), 'same'],
    ['less in common', known({ orange: 0.45, lemon: 0.44 }, accept('orange')), 'unclear'],
    ['another product', known(apple, accept('apple')), 'another'],
    ['no product', known({ none: 1 }, unknown), 'unclear'],
    ['another endpoint', known(orange, accept('orange'), { via: 'second' }), 'unclear'],
  ] as const)('%s', (_, second, comparison) => {
    expect(compareLooks(first, second)).toBe(comparison);
  });

  it('two things that are no product are not known to be the same', () => {
    const strange = known({ none: 1 }, unknown);
    expect(compareLooks(strange, strange)).toBe('unclear');
  });
});

describe('by weight', () => {
  const weighed = (weightGrams: number) => known(orange, accept('orange'), { weightGrams });

  it.each([
    [405, 'same'],
    [412, 'same'],
    [414, 'unclear'],
    [380, 'unclear'],
  ])('400 g, and %i g with the same looks', (grams, comparison) => {
    expect(compareLooks(weighed(400), weighed(grams))).toBe(comparison);
  });

  it('light things may differ by the scale’s own error', () => {
    expect(compareLooks(weighed(50), weighed(55))).toBe('same');
    expect(compareLooks(weighed(50), weighed(56))).toBe('unclear');
  });

  it('a scale that is silent says nothing', () => {
    expect(compareLooks(weighed(400), known(orange, accept('orange')))).toBe('same');
  });
});

it('what was not seen is not known', () => {
  const first = known(orange, accept('orange'));
  const unseen: Known = { seen: null, weightGrams: null };
  expect(compareLooks(first, unseen)).toBe('unclear');
  expect(compareLooks(unseen, first)).toBe('unclear');
});

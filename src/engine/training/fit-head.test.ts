import { describe, expect, test } from 'vitest';

import { drawFeatures, drawnFeatureCount } from '../testing/drawn-features.ts';
import { fitHead } from './fit-head.ts';
import { readHead, writeHead } from './head-file.ts';
import { classify } from './head.ts';
import type { HeadTag } from './head.ts';

const regular = (name: string): HeadTag => ({ id: `id-${name}`, name, type: 'Regular' });

function teach(tags: readonly HeadTag[], photosEach = 12) {
  return fitHead({
    backboneId: 'drawn',
    featureCount: drawnFeatureCount,
    tags,
    photos: tags.flatMap((_, label) =>
      Array.from({ length: photosEach }, (__, seed) => ({
        label,
        views: drawFeatures(label, seed + 1),
      })),
    ),
  });
}

const unseen = 500;
const stranger = 6;

describe('a head of three products', () => {
  const { head, report, heldOut } = teach(['apple', 'bread', 'cheese'].map(regular));

  test('names photos that it never saw', () => {
    ['apple', 'bread', 'cheese'].forEach((name, kind) => {
      const [best] = classify(head, drawFeatures(kind, unseen)[0]!);
      expect(best?.tag.name).toBe(name);
      expect(best?.probability).toBeGreaterThan(0.8);
    });
  });

  test('gives a stranger little of anything', () => {
    for (let seed = unseen; seed < unseen + 20; seed += 1) {
      const [best] = classify(head, drawFeatures(stranger, seed)[0]!);
      expect(best?.probability).toBeLessThan(0.3);
    }
  });

  test('reports what it got right of photos that were held out', () => {
    expect(report).toMatchObject({ photos: 36, heldOutAccuracy: 1 });
  });

  test('says of each photo what it was taken for when it was held out', () => {
    expect(heldOut).toHaveLength(36);
    heldOut.forEach(({ probabilities }, photo) => {
      expect(probabilities.indexOf(Math.max(...probabilities))).toBe(Math.floor(photo / 12));
    });
    expect(new Set(heldOut.map(({ fold }) => fold))).toEqual(new Set([0, 1, 2]));
  });

  test('comes out the same from the same photos', () => {
    const again = teach(['apple', 'bread', 'cheese'].map(regular));
    expect(writeHead(again.head).equals(writeHead(head))).toBe(true);
  });

  test('classifies alike after it was written and read', () => {
    const kept = readHead(writeHead(head), 'drawn');
    const before = classify(head, drawFeatures(1, unseen)[0]!);
    const after = classify(kept, drawFeatures(1, unseen)[0]!);
    expect(after.map(({ tag }) => tag)).toEqual(before.map(({ tag }) => tag));
    expect(after[0]?.probability).toBeCloseTo(before[0]?.probability ?? 0, 2);
  });
});

test('two products are enough to know a stranger', () => {
  const { head } = teach(['apple', 'bread'].map(regular));
  expect(classify(head, drawFeatures(0, unseen)[0]!)[0]).toMatchObject({ tag: { name: 'apple' } });
  expect(classify(head, drawFeatures(stranger, unseen)[0]!)[0]?.probability).toBeLessThan(0.4);
});

test('a tag for any product is learnt as a product is', () => {
  const taught = (type: HeadTag['type']) => {
    const { head } = teach([regular('apple'), { ...regular('bread'), type }]);
    return classify(head, drawFeatures(1, unseen)[0]!).map(({ probability }) => probability);
  };
  expect(taught('GeneralProduct')).toEqual(taught('Regular'));
});

test('what is no product goes to the Negative tag, taught or not', () => {
  const tags: HeadTag[] = [
    regular('apple'),
    regular('bread'),
    { id: 'id-negative', name: 'Negative', type: 'Negative' },
  ];
  const { head } = teach(tags);
  for (const kind of [2, stranger]) {
    const ranked = classify(head, drawFeatures(kind, unseen)[0]!);
    expect(ranked[0]?.tag.type).toBe('Negative');
    expect(ranked.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 5);
  }
  expect(classify(head, drawFeatures(0, unseen)[0]!)[0]?.tag.name).toBe('apple');
});

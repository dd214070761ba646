import { describe, expect, test } from 'vitest';

import { drawFeatures, drawnFeatureCount } from '../testing/drawn-features.ts';
import { fitMultilabelHead } from './fit-multilabel-head.ts';
import type { MultilabelPhoto } from './fit-multilabel-head.ts';
import { readHead, writeHead } from './head-file.ts';
import { classify } from './head.ts';
import type { Head, HeadTag } from './head.ts';

const tags: HeadTag[] = ['apple', 'bread', 'cheese'].map((name) => ({
  id: `id-${name}`,
  name,
  type: 'Regular',
}));
const negative: HeadTag = { id: 'id-none', name: 'Nothing', type: 'Negative' };
const stranger = 6;
const unseen = 700;

/** What a backbone says of several things in one picture: of each feature the loudest. */
function together(kinds: readonly number[], seed: number): Float32Array[] {
  const each = kinds.map((kind) => drawFeatures(kind, seed));
  return each[0]!.map((first, view) =>
    first.map((_, index) => Math.max(...each.map((features) => features[view]![index]!))),
  );
}

const photosOf = (labels: readonly number[], count = 10): MultilabelPhoto[] =>
  Array.from({ length: count }, (_, seed) => ({ labels, views: together(labels, seed + 1) }));

function teach(taught: readonly HeadTag[], photos: readonly MultilabelPhoto[]) {
  return fitMultilabelHead({
    backboneId: 'drawn',
    featureCount: drawnFeatureCount,
    tags: taught,
    photos,
  });
}

function probabilities(head: Head, kinds: readonly number[], seed = unseen) {
  const ranked = classify(head, together(kinds, seed)[0]!);
  return Object.fromEntries(ranked.map(({ tag, probability }) => [tag.name, probability]));
}

describe('a head of tags that stand side by side', () => {
  const sets = [[0], [1], [2], [0, 1], [1, 2]];
  const { head, heldOut, report } = teach(
    tags,
    sets.flatMap((set) => photosOf(set)),
  );

  test.each([[[0]], [[1]], [[2]], [[0, 1]], [[1, 2]]])('finds just %j', (kinds) => {
    const found = probabilities(head, kinds);
    tags.forEach(({ name }, kind) => {
      if (kinds.includes(kind)) expect(found[name]).toBeGreaterThan(0.7);
      else expect(found[name]).toBeLessThan(0.3);
    });
  });

  test('finds two that never lay together', () => {
    const found = probabilities(head, [0, 2]);
    expect(found['apple']).toBeGreaterThan(0.5);
    expect(found['cheese']).toBeGreaterThan(0.5);
  });

  test('says of each photo what it was taken for when it was held out', () => {
    expect(heldOut).toHaveLength(50);
    expect(new Set(heldOut.map(({ fold }) => fold))).toEqual(new Set([0, 1, 2]));
    const photo = heldOut[3 * 10]!;
    expect(photo.probabilities[0]).toBeGreaterThan(0.5);
    expect(photo.probabilities[2]).toBeLessThan(0.5);
    expect(report.heldOutLogLoss).toBeLessThan(0.2);
  });

  test('classifies alike after it was written and read', () => {
    const kept = readHead(writeHead(head), 'drawn');
    expect(kept.kind).toBe('multilabel');
    const [before, after] = [probabilities(head, [0, 1]), probabilities(kept, [0, 1])];
    for (const { name } of tags) expect(after[name]).toBeCloseTo(before[name] ?? 0, 2);
  });
});

test('a rare tag is found among many photos without it', () => {
  const photos = [...photosOf([0], 60), ...photosOf([1], 60), ...photosOf([2], 5)];
  const { head } = teach(tags, photos);
  expect(probabilities(head, [2])['cheese']).toBeGreaterThan(0.5);
  expect(probabilities(head, [0])['cheese']).toBeLessThan(0.1);
});

test('photos of the Negative tag teach what the others are not', () => {
  const taught = [...tags, negative];
  const photos = [[0], [1], [2]].flatMap((set) => photosOf(set));
  const nothing = Array.from({ length: 20 }, (_, seed) => ({
    labels: [3],
    views: drawFeatures(stranger, seed + 1),
  }));
  const { head } = teach(taught, [...photos, ...nothing]);
  const found = probabilities(head, [stranger]);
  expect(found['Nothing']).toBeGreaterThan(0.8);
  for (const { name } of tags) expect(found[name]).toBeLessThan(0.2);
  expect(probabilities(head, [1])['Nothing']).toBeLessThan(0.3);
});

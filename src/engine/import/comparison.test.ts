import { expect, test } from 'vitest';

import { compare, comparisonTable } from './comparison.ts';

const tags = [
  { id: 'a', name: 'apple' },
  { id: 'b', name: 'a tag with a name that is far too long for a table' },
];
const said = (a: number, b: number): Map<string, number> =>
  new Map([
    ['a', a],
    ['b', b],
  ]);

const photos = [
  { tagIds: new Set(['a']), old: said(0.9, 0.1), now: said(0.8, 0.2) },
  { tagIds: new Set(['a']), old: said(0.4, 0.6), now: said(0.5, 0.5) },
  { tagIds: new Set(['b']), old: said(0.7, 0.3), now: said(0.1, 0.9) },
];

test('precision and recall count what is said with at least half', () => {
  const { tags: rows, total } = compare(photos, tags);
  expect(rows[0]).toEqual({
    name: 'apple',
    photos: 2,
    old: { precision: 1 / 2, recall: 1 / 2 },
    now: { precision: 1, recall: 1 },
  });
  expect(rows[1]).toMatchObject({
    photos: 1,
    old: { precision: 0, recall: 0 },
    now: { precision: 1 / 2, recall: 1 },
  });
  expect(total).toMatchObject({
    photos: 3,
    old: { precision: 1 / 3, recall: 1 / 3 },
    now: { precision: 3 / 4, recall: 1 },
  });
});

test('what was never said, or never there, has no figure', () => {
  const [row] = compare([{ tagIds: new Set(), old: said(0, 0), now: said(0, 0) }], tags).tags;
  expect(row).toMatchObject({ old: { precision: null, recall: null } });
});

test('the table stands in columns', () => {
  const table = comparisonTable(compare(photos.slice(0, 1), tags));
  expect(table.split('\n')).toEqual([
    '                                          precision          recall',
    'tag                               photos     old     new     old     new',
    'apple                                  1  100.0%  100.0%  100.0%  100.0%',
    'a tag with a name that is far t…       0       –       –       –       –',
    'all tags                               1  100.0%  100.0%  100.0%  100.0%',
    '',
  ]);
});

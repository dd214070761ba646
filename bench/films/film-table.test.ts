import { expect, test } from 'vitest';
import { createFilmTable } from './film-table.ts';
import { emptyTally } from './tally.ts';

test('plays of one kind at one rate add up, and removals are in the figures', () => {
  const table = createFilmTable();
  const times = { tookMs: [1, 3], processorMs: 3 };
  const tally = {
    ...emptyTally(),
    placementsDue: 5,
    placementsMissed: 1,
    placementsLate: 2,
    doubled: 3,
    placedFalse: 4,
    wide: 5,
    removalsDue: 2,
    removalsMissed: 10,
    removalsLate: 20,
    removedFalse: 40,
  };
  table.add('swap', 30, tally, times);
  table.add('swap', 30, tally, times);
  table.add('swap', 15, tally, times);
  const note = '10 placements and 4 removals due, played 2 times at 30 pictures a second';
  expect(table.figures().slice(0, 5)).toEqual([
    { name: 'films swap 30 missed', value: 22, unit: 'items', note },
    { name: 'films swap 30 late', value: 44, unit: 'items', note },
    { name: 'films swap 30 false', value: 88, unit: 'items', note },
    { name: 'films swap 30 doubled', value: 6, unit: 'items', note },
    { name: 'films swap 30 wide', value: 10, unit: 'items', note },
  ]);
  expect(table.figures()[5]?.name).toBe('films swap 15 missed');

  const [names = '', ...lines] = table.text().split('\n');
  const cells = lines.map((line) => line.trim().split(/\s{2,}/));
  expect(names).toMatch(/^film +fps +plays +due/);
  expect(cells.map((line) => line.slice(0, 5))).toEqual([
    ['swap', '30', '2', '10', '2'],
    ['swap', '15', '1', '5', '1'],
    ['all', '0', '3', '15', '3'],
  ]);
  expect(cells[0]?.slice(-2)).toEqual(['1.50', '3.00']);
});

test('the table of one kind has that alone', () => {
  const table = createFilmTable();
  const times = { tookMs: [1], processorMs: 1 };
  table.add('swap', 30, emptyTally(), times);
  table.add('plain', 30, emptyTally(), times);
  table.add('plain', 15, emptyTally(), times);
  const firsts = (kind: string): unknown =>
    table
      .text(kind)
      .split('\n')
      .slice(1)
      .map((line) => line.split(' ')[0]);
  expect(firsts('swap')).toEqual(['swap']);
  expect(firsts('plain')).toEqual(['plain', 'plain', 'all']);
  expect(table.has('swap')).toBe(true);
  expect(table.has('stacked')).toBe(false);
});

import { expect, test } from 'vitest';
import type { Due } from '../film.ts';
import { laidDownBy, without } from './laid-down.ts';

const placed = (thing: string, fromS: number): Due => ({
  kind: 'placed',
  thing,
  fromS,
  freeS: fromS + 0.5,
  box: null,
});
const removed = (thing: string, freeS: number): Due => ({
  kind: 'removed',
  thing,
  freeS,
  box: null,
});

test('a thing is sold from the hand that holds it on, and in the bag too', () => {
  const due = [placed('apple', 1), placed('pear', 3), removed('apple', 5), placed('apple', 7)];
  expect([0.9, 1, 3, 6, 7, Infinity].map((atS) => laidDownBy(due, atS))).toEqual([
    [],
    ['apple'],
    ['apple', 'pear'],
    ['apple', 'pear'],
    ['apple', 'pear', 'apple'],
    ['apple', 'pear', 'apple'],
  ]);
});

test('lists are compared by how often a thing is in them', () => {
  expect(without(['apple', 'apple', 'pear'], ['apple', 'plum'])).toEqual(['apple', 'pear']);
  expect(without(['apple'], ['apple', 'apple'])).toEqual([]);
});

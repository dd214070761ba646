import { expect, test } from 'vitest';
import type { Due } from '../film.ts';
import { thingsAt, without } from './lying.ts';

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

test('a thing lies there from the hand that holds it until it is gone', () => {
  const due = [placed('apple', 1), placed('pear', 3), removed('apple', 5), placed('apple', 7)];
  const lying = [0.9, 1, 3, 4.9, 5, 7, Infinity].map((atS) => thingsAt(due, atS));
  expect(lying).toEqual([
    [],
    ['apple'],
    ['apple', 'pear'],
    ['apple', 'pear'],
    ['pear'],
    ['pear', 'apple'],
    ['pear', 'apple'],
  ]);
});

test('lists are compared by how often a thing is in them', () => {
  expect(without(['apple', 'apple', 'pear'], ['apple', 'plum'])).toEqual(['apple', 'pear']);
  expect(without(['apple'], ['apple', 'apple'])).toEqual([]);
});

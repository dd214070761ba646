import { describe, expect, it } from 'vitest';
import { testCart as cart, testLine as line } from './cart-fixture.ts';
import { countArrival, newestFirst, undoableRemoval } from './line-history.ts';

const both = cart(line('apple'), line('milk'));
const milkOut = cart(line('apple'), line('milk', { removed: true }));

describe('the removal that Undo takes back', () => {
  it('is the one just made', () => {
    expect(undoableRemoval(null, both, milkOut)).toBe('milk');
  });

  it('stays so while nothing else is done', () => {
    expect(undoableRemoval('milk', milkOut, milkOut)).toBe('milk');
  });

  it('moves on to a second removal', () => {
    const bothOut = cart(line('apple', { removed: true }), line('milk', { removed: true }));
    expect(undoableRemoval('milk', milkOut, bothOut)).toBe('apple');
  });

  it('is none after something else was done', () => {
    const moreApples = cart(line('apple', { quantity: 2 }), line('milk', { removed: true }));
    expect(undoableRemoval('milk', milkOut, moreApples)).toBeNull();
  });

  it('is none where nothing can be undone', () => {
    expect(undoableRemoval(null, both, { ...milkOut, canUndo: false })).toBeNull();
  });
});

describe('the newest line', () => {
  const none = { lineId: null, count: 0 };

  it('shines when it is new', () => {
    const apple = cart(line('apple'));
    expect(countArrival(none, 'milk', apple, both)).toEqual({ lineId: 'milk', count: 1 });
  });

  it('shines again when it grows, and not when it shrinks', () => {
    const known = { lineId: 'apple', count: 3 };
    const two = cart(line('apple', { quantity: 2 }), line('milk'));
    expect(countArrival(known, 'apple', both, two)).toEqual({ lineId: 'apple', count: 4 });
    expect(countArrival(known, 'apple', two, both)).toBe(known);
  });

  it('stays as it is when another line changes', () => {
    const known = { lineId: 'apple', count: 3 };
    expect(countArrival(known, 'apple', both, milkOut)).toBe(known);
  });

  it('is none when nothing came last', () => {
    const known = { lineId: 'apple', count: 3 };
    expect(countArrival(known, null, both, both)).toEqual({ lineId: null, count: 3 });
  });
});

describe('the order of the lines', () => {
  const three = [line('apple'), line('milk'), line('bread')];
  const order = (latest: string | null) => newestFirst(three, latest).map((each) => each.lineId);

  it('is the newest first', () => {
    expect(order(null)).toEqual(['bread', 'milk', 'apple']);
    expect(order('bread')).toEqual(['bread', 'milk', 'apple']);
  });

  it('puts a line that has just grown on top', () => {
    expect(order('apple')).toEqual(['apple', 'bread', 'milk']);
  });
});

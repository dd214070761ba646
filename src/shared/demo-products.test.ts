import { describe, expect, it } from 'vitest';
import { demoProducts, isThingId, massRangeOf, strangers } from './demo-products.ts';

const things = [...demoProducts, ...strangers];

describe('demo products', () => {
  it('have ids that are their own, in kebab-case', () => {
    const ids = things.map((thing) => thing.id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
  });

  it('are at least twelve, of every kind, two of them weighed', () => {
    expect(demoProducts.length).toBeGreaterThanOrEqual(12);
    expect(new Set(demoProducts.map((product) => product.kind))).toEqual(
      new Set(['fruit', 'vegetable', 'carton', 'tin', 'box']),
    );
    expect(demoProducts.filter((product) => product.soldBy === 'weight').length).toBeGreaterThan(1);
  });

  it('weigh something, in a range', () => {
    for (const { id } of demoProducts) {
      const { min, max } = massRangeOf(id);
      expect(min).toBeGreaterThan(0);
      expect(max).toBeGreaterThan(min);
      expect(Number.isInteger(min) && Number.isInteger(max)).toBe(true);
    }
  });
});

describe('strangers', () => {
  it('keep some out of training, to test refusal', () => {
    const uses = strangers.map((stranger) => stranger.use);
    expect(uses.length).toBeGreaterThanOrEqual(8);
    expect(uses.filter((use) => use === 'test').length).toBeGreaterThanOrEqual(4);
    expect(uses.filter((use) => use === 'train').length).toBeGreaterThanOrEqual(4);
  });
});

describe('isThingId', () => {
  it.each([
    ['banana', true],
    ['tennis-ball', true],
    ['durian', false],
    ['', false],
    ['constructor', false],
  ])('%s: %s', (id, known) => {
    expect(isThingId(id)).toBe(known);
  });
});

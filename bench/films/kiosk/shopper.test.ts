import { expect, test } from 'vitest';
import type { Screen } from '../../../src/shared/snapshot.ts';
import { answerTo } from './shopper.ts';

const price = { kind: 'piece', minor: 10, taxBasisPoints: 0, depositMinor: 0 };

function ask(...ids: readonly string[]): Screen {
  const candidates = ids.map((productId) => ({
    productId,
    names: { en: productId, de: productId },
    pictureUrl: null,
    price,
    organic: false,
  }));
  return {
    kind: 'ask',
    questionId: 'q1',
    photoUrl: null,
    candidates,
    unsure: false,
  } as unknown as Screen;
}

const lookup: Screen = {
  kind: 'lookup',
  questionId: 'q2',
  reason: { kind: 'unknown-item', placementId: 'p1' },
  photoUrl: null,
  suggestions: [],
  unsure: false,
};

test('a question is answered by what was laid down and is not in the cart', () => {
  const choose = { kind: 'choose', questionId: 'q1', productId: 'pear' };
  expect(answerTo(ask('apple', 'pear'), ['apple', 'pear'], ['apple'])).toEqual(choose);
  expect(answerTo(lookup, ['apple', 'pear'], ['apple'])).toEqual({ ...choose, questionId: 'q2' });
});

test('what is not offered is not chosen', () => {
  expect(answerTo(ask('plum', 'pear'), ['apple', 'pear'], [])).toMatchObject({ productId: 'pear' });
});

test.each([
  { what: 'is in the cart', screen: ask('apple'), cart: ['apple'] },
  { what: 'is not offered', screen: ask('plum'), cart: [] },
  { what: 'is in the cart, by lookup', screen: lookup, cart: ['apple'] },
])('what $what is left out', ({ screen, cart }) => {
  expect(answerTo(screen, ['apple'], cart)?.kind).toBe('leave-out');
});

test('nothing is answered where nothing is asked', () => {
  expect(answerTo({ kind: 'welcome' }, ['apple'], [])).toBeNull();
});

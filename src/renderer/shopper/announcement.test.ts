import { describe, expect, it } from 'vitest';
import type { CartView, Screen, Snapshot } from '../../shared/snapshot.ts';
import { announcement } from './announcement.ts';
import { testCart as cart, testLine as line } from './cart-fixture.ts';
import { wordingFor } from './wording.ts';

const store = {
  name: 'Corner',
  currency: 'EUR',
  region: 'IE',
  languages: ['en', 'de'],
  demo: false,
  keepsPictures: false,
} as const;

const wording = wordingFor('en', store);
const onCart: Screen = { kind: 'cart', latest: null, looking: false };

function snapshot(
  view: CartView,
  screen: Screen = onCart,
  change: Partial<Snapshot> = {},
): Snapshot {
  return {
    revision: 1,
    store,
    language: 'en',
    display: { largerText: false, highContrast: false, lowered: false },
    screen,
    cart: view,
    notices: [],
    helpCalled: false,
    suspendsAtMs: null,
    ...change,
  };
}

const apple = cart(line('apple'));
const both = cart(line('apple'), line('milk'));
const milkOut = cart(line('apple'), line('milk', { removed: true }));

describe('what a screen reader says', () => {
  it.each([
    ['an item that came', apple, both, 'the milk added, €0.40. Total €0.80.'],
    ['another quantity', apple, cart(line('apple', { quantity: 3 })), 'the apple: 3. Total €1.20.'],
    ['an item taken out', both, milkOut, 'the milk taken out. Total €0.40.'],
    ['an item put back', milkOut, both, 'the milk is back. Total €0.80.'],
    ['an item gone from the list', both, apple, 'the milk taken out. Total €0.40.'],
    ['a struck line that is cleared away', milkOut, apple, null],
    ['nothing new', both, both, null],
  ])('of %s', (_, before, after, said) => {
    expect(announcement(snapshot(before), snapshot(after), wording)).toBe(said);
  });

  it('of an item that answers a question, on the way back to the cart', () => {
    const ask: Screen = {
      kind: 'ask',
      questionId: 'q',
      photoUrl: null,
      candidates: [],
      unsure: false,
    };
    expect(announcement(snapshot(apple, ask), snapshot(both), wording)).toContain('the milk added');
  });

  it('of nothing when the cart ends with the sale', () => {
    const welcome: Screen = { kind: 'welcome' };
    expect(announcement(snapshot(both), snapshot(cart(), welcome), wording)).toBeNull();
  });

  it('of each stage of paying', () => {
    const paying = (kind: 'waiting' | 'checking'): Screen => ({
      kind: 'paying',
      amountMinor: 80,
      stage: { kind },
    });
    expect(
      announcement(snapshot(both, paying('waiting')), snapshot(both, paying('checking')), wording),
    ).toBe('Checking. Do not pay again.');
    expect(announcement(snapshot(both), snapshot(both, paying('waiting')), wording)).toBeNull();
  });

  it('of a camera that cannot see, and why', () => {
    const covered = snapshot(both, onCart, { notices: ['camera-covered'] });
    expect(announcement(snapshot(both), covered, wording)).toBe(
      'Something hides the tray. Take it away, or find your items yourself.',
    );
  });

  it('of what stops working, once', () => {
    const lost = snapshot(both, onCart, { notices: ['camera-lost'] });
    expect(announcement(snapshot(both), lost, wording)).toContain('camera is away');
    expect(announcement(lost, lost, wording)).toBeNull();
  });
});

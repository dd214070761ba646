import type { Screen } from '../../../src/shared/snapshot.ts';
import { without } from './laid-down.ts';

/** What a shopper who knows the goods does about a question of the kiosk. */
export type Answer =
  | { readonly kind: 'choose'; readonly questionId: string; readonly productId: string }
  | { readonly kind: 'leave-out'; readonly questionId: string };

/**
 * The answer to what is on the screen: a product that was laid down and is not in the cart yet, if the
 * kiosk names it or asks for any; else that there is nothing new. Null where nothing is asked.
 */
export function answerTo(
  screen: Screen,
  laidDown: readonly string[],
  cart: readonly string[],
): Answer | null {
  if (screen.kind !== 'ask' && screen.kind !== 'lookup') return null;
  const { questionId } = screen;
  const offered =
    screen.kind === 'ask' ? screen.candidates.map(({ productId }) => productId) : null;
  const productId = without(laidDown, cart).find(
    (one) => offered === null || offered.includes(one),
  );
  return productId === undefined
    ? { kind: 'leave-out', questionId }
    : { kind: 'choose', questionId, productId };
}

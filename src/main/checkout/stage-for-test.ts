import { isClosed, openQuestion } from './state.ts';
import type { CheckoutState } from './state.ts';

/** What the shopper is before: the phase, and of shopping what kind of question is open. */
export function stageOf(state: CheckoutState): string {
  if (isClosed(state)) return 'closed';
  const question = openQuestion(state);
  if (question === null) return state.phase.kind;
  return question.kind === 'ask' ? 'asking' : 'looking-up';
}

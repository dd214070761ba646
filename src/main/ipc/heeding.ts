import type { Contract, Handlers } from '../../shared/contracts/contract.ts';

type Heeded<C extends Contract> = Partial<Pick<Handlers<C>, keyof C['messages'] & string>>;

/** Handlers for an audience that only tells: those given, and nothing for all else that it says. */
export function heeding<C extends Contract>(contract: C, heeded: Heeded<C>): Handlers<C> {
  const ignored = Object.keys(contract.messages).map((channel) => [channel, () => undefined]);
  return { ...Object.fromEntries(ignored), ...heeded } as Handlers<C>;
}

import type { RefusalCode, Reply } from '../../shared/contracts/refusal.ts';

/** The last refusal, for as long as it is worth reading. */
export interface Refusals {
  readonly current: () => RefusalCode | null;
  readonly subscribe: (listener: () => void) => () => void;
  readonly note: (code: RefusalCode) => void;
  /** Something was done since: what was refused before is past. */
  readonly clear: () => void;
}

/** Long enough for two short sentences. */
const shownMs = 6_000;

/** `after` runs something so many ms later, until the function returned is called. */
export function createRefusals(after: (ms: number, run: () => void) => () => void): Refusals {
  let code: RefusalCode | null = null;
  let cancel = (): void => undefined;
  const listeners = new Set<() => void>();

  function become(next: RefusalCode | null): void {
    cancel();
    cancel = next === null ? () => undefined : after(shownMs, () => become(null));
    if (next === code) return;
    code = next;
    for (const listener of listeners) listener();
  }

  return {
    current: () => code,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    note: become,
    clear: () => become(null),
  };
}

/** The same requests, whose refusals are noted. */
export function noting<R extends object>(requests: R, refusals: Refusals): R {
  const noted = Object.entries(
    requests as Record<string, (argument: unknown) => Promise<Reply<unknown>>>,
  ).map(([channel, ask]) => [
    channel,
    async (argument: unknown) => {
      const reply = await ask(argument).catch((error: unknown) => {
        refusals.note('failed');
        throw error;
      });
      if (reply.ok) refusals.clear();
      else refusals.note(reply.code);
      return reply;
    },
  ]);
  return Object.fromEntries(noted) as R;
}

import type { AnswerOf, ArgumentOf, Contract, PageApi, RequestName, Send } from '../contract.ts';
import type { RefusalCode, Reply } from '../refusal.ts';

/** What a page has asked and told. */
export interface Call {
  readonly channel: string;
  readonly argument: unknown;
}

/** What a request is answered with. */
type Answer<C extends Contract, N extends RequestName<C>> = (
  argument: ArgumentOf<C, N>,
) => AnswerOf<C, N>;

type Answered<C extends Contract> = {
  readonly [N in RequestName<C>]: null extends AnswerOf<C, N> ? never : N;
}[RequestName<C>];

/** Those that are not named are answered with null, which therefore must be an answer of theirs. */
export type Answers<C extends Contract> = {
  readonly [N in Answered<C>]: Answer<C, N>;
} & { readonly [N in RequestName<C>]?: Answer<C, N> };

/** Main's side of a page, worked by hand. */
export interface FakeMain<C extends Contract> {
  readonly api: PageApi<C>;
  readonly send: Send<C>;
  /** Answers that request so from now on; with null as before. */
  readonly refuse: (channel: RequestName<C>, code: RefusalCode | null) => void;
}

/**
 * Stands for main in a page's tests, and tells of each call. What the page says must be what main would
 * take in.
 */
export function fakeMain<C extends Contract>(
  contract: C,
  answers: Answers<C>,
  called: (call: Call) => void,
): FakeMain<C> {
  const refused = new Map<string, RefusalCode>();
  const listeners = new Map<string, Set<(payload: never) => void>>();
  const answerOf = answers as Readonly<
    Record<string, ((argument: unknown) => unknown) | undefined>
  >;

  function request(channel: string) {
    return async (argument: unknown = null): Promise<Reply<unknown>> => {
      const taken = contract.requests[channel]?.argument.parse(argument);
      called({ channel, argument });
      const code = refused.get(channel);
      if (code !== undefined) return { ok: false, code, message: 'as wished' };
      return { ok: true, value: answerOf[channel]?.(taken) ?? null };
    };
  }

  function tell(channel: string) {
    return (message: unknown = null): void => {
      contract.messages[channel]?.parse(message);
      called({ channel, argument: message });
    };
  }

  function on(event: string) {
    const those = new Set<(payload: never) => void>();
    listeners.set(event, those);
    return (listener: (payload: never) => void) => {
      those.add(listener);
      return () => {
        those.delete(listener);
      };
    };
  }

  const each = (table: object, make: (name: string) => unknown) =>
    Object.fromEntries(Object.keys(table).map((name) => [name, make(name)]));
  return {
    api: {
      request: each(contract.requests, request),
      tell: each(contract.messages, tell),
      on: each(contract.events, on),
    } as PageApi<C>,
    send: (event, payload) => {
      for (const listener of listeners.get(event) ?? []) listener(payload as never);
    },
    refuse: (channel, code) => {
      if (code === null) refused.delete(channel);
      else refused.set(channel, code);
    },
  };
}

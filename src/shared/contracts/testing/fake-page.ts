import type { Contract, MessageName, PageListener, PagePort } from '../contract.ts';

/** What a page was told. */
export interface Sent {
  readonly event: string;
  readonly payload: unknown;
}

/** A hidden page, worked by hand. */
export interface FakePage<C extends Contract> {
  readonly port: PagePort<C>;
  readonly sent: readonly Sent[];
  readonly isClosed: () => boolean;
  /** Says something as main would hear it: false where it is malformed or nobody listens. */
  readonly say: (channel: MessageName<C>, message?: unknown) => boolean;
  readonly die: (reason: string) => void;
  /** Forgets what was sent so far. */
  readonly forget: () => void;
}

/** Stands for a page in tests of what works with it. */
export function fakePage<C extends Contract>(contract: C): FakePage<C> {
  const sent: Sent[] = [];
  let listener: PageListener<C> | null = null;
  let closed = false;
  return {
    port: {
      open: (to) => {
        listener = to;
      },
      send: (event, payload) => void sent.push({ event, payload }),
      close: async () => {
        closed = true;
      },
    },
    sent,
    isClosed: () => closed,
    say: (channel, message = null) => {
      const parsed = contract.messages[channel]?.safeParse(message);
      if (listener === null || closed || parsed?.success !== true) return false;
      listener.handlers[channel](parsed.data as never);
      return true;
    },
    die: (reason) => listener?.gone(reason),
    forget: () => void sent.splice(0),
  };
}

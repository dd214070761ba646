import { systemTimers } from '../timers.ts';
import type { Timers } from '../timers.ts';
import type {
  ArgumentOf,
  CallFailure,
  CallMessage,
  CallReply,
  Contract,
  ResponseOf,
} from './call-messages.ts';

/** The part of an AbortSignal that is used here. */
export interface CallSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

export interface CallOptions<Progress = never> {
  /** The call fails after so long. Default: that of all calls. */
  readonly deadlineMs?: number;
  /** Fails the call with the signal's reason. */
  readonly signal?: CallSignal;
  /** Handed over, not copied: gone on this side. */
  readonly transfer?: readonly object[];
  readonly onProgress?: (progress: Progress) => void;
}

export interface CallsOptions<C extends Contract<C>, Progress = never> {
  readonly post: (message: CallMessage<C>, transfer: readonly object[]) => void;
  /** Called once, with what takes each reply. */
  readonly on: (receive: (reply: CallReply<Progress>) => void) => void;
  /** Set where the other side works on one call at a time: a deadline then begins with its turn. */
  readonly inOrder?: boolean;
  /** Of each call that has none of its own. Default: calls wait for as long as the other side lives. */
  readonly deadlineMs?: number;
  /** Makes an error of what crossed. Default: an Error with that message. */
  readonly errorOf?: (failure: CallFailure) => Error;
  /** What a call fails with at its deadline. */
  readonly lateError?: (name: keyof C, deadlineMs: number) => Error;
  /** Told of a call's deadline before the call fails, and free to `end` the others with it. */
  readonly onLate?: (error: Error) => void;
  readonly timers?: Pick<Timers, 'schedule'>;
}

export interface Calls<C extends Contract<C>, Progress = never> {
  /** Rejects at once where the other side has ended, and as soon as it ends. */
  readonly call: <Name extends keyof C>(
    name: Name,
    ...rest: Parameters<C[Name]> extends readonly []
      ? [argument?: undefined, options?: CallOptions<Progress>]
      : [argument: ArgumentOf<C, Name>, options?: CallOptions<Progress>]
  ) => Promise<ResponseOf<C, Name>>;
  /** The other side is gone: fails all calls, those that wait and those to come. The first end counts. */
  readonly end: (reason: Error) => void;
  /** Resolves, with its reason, at the end; it never rejects. */
  readonly ended: Promise<Error>;
  readonly isEnded: () => boolean;
  /** How many calls wait. */
  readonly waiting: () => number;
}

interface Waiting<Progress> {
  readonly resolve: (response: unknown) => void;
  readonly reject: (reason: unknown) => void;
  readonly onProgress: ((progress: Progress) => void) | undefined;
  /** Lets go of the deadline and of the signal. */
  readonly release: () => void;
  /** Begins the deadline, once. */
  readonly beginTurn: () => void;
}

// Never the same number twice in a process: over a way that outlives what answered there, a late
// reply must not answer a later call.
let lastId = 0;

/**
 * Calls what runs elsewhere, a thread, a process or a page, and matches the replies with their calls.
 * It knows nothing of the way but how to post and what arrives.
 */
export function createCalls<C extends Contract<C>, Progress = never>({
  post,
  on,
  inOrder = false,
  deadlineMs: usualDeadlineMs,
  errorOf = ({ message }) => new Error(message),
  lateError = (name, deadlineMs) =>
    new Error(`“${String(name)}” was not answered within ${deadlineMs} ms.`),
  onLate = () => undefined,
  timers = systemTimers,
}: CallsOptions<C, Progress>): Calls<C, Progress> {
  /** In the order of the calls. */
  const waiting = new Map<number, Waiting<Progress>>();
  let over: Error | null = null;
  let tellEnd: (reason: Error) => void;
  const ended = new Promise<Error>((resolve) => {
    tellEnd = resolve;
  });

  const take = (id: number): Waiting<Progress> | undefined => {
    const taken = waiting.get(id);
    if (taken === undefined) return undefined;
    waiting.delete(id);
    taken.release();
    if (inOrder) waiting.values().next().value?.beginTurn();
    return taken;
  };

  /** What nobody waits for any more need not be made. */
  const leave = (id: number, reason: unknown): void => {
    const left = take(id);
    if (left === undefined) return;
    post({ kind: 'abort', id }, []);
    left.reject(reason);
  };

  const call = (
    name: keyof C,
    argument: unknown,
    { deadlineMs = usualDeadlineMs, signal, transfer = [], onProgress }: CallOptions<Progress> = {},
  ): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (over !== null) {
        reject(over);
        return;
      }
      if (signal?.aborted === true) {
        reject(signal.reason);
        return;
      }
      lastId += 1;
      const id = lastId;
      const message = { kind: 'call', id, name, argument } as CallMessage<C>;
      // Throws where the argument cannot be copied: then nothing waits for it.
      post(message, transfer);
      const onAbort = (): void => leave(id, signal?.reason);
      let cancel: (() => void) | undefined;
      signal?.addEventListener('abort', onAbort);
      const made: Waiting<Progress> = {
        resolve,
        reject,
        onProgress,
        release: () => {
          cancel?.();
          signal?.removeEventListener('abort', onAbort);
        },
        beginTurn: () => {
          if (deadlineMs === undefined || cancel !== undefined) return;
          cancel = timers.schedule(deadlineMs, () => {
            const error = lateError(name, deadlineMs);
            onLate(error);
            leave(id, error);
          });
        },
      };
      waiting.set(id, made);
      if (!inOrder || waiting.size === 1) made.beginTurn();
    });

  on((reply) => {
    if (reply.kind === 'progress') {
      waiting.get(reply.id)?.onProgress?.(reply.progress);
      return;
    }
    const answered = take(reply.id);
    if (reply.kind === 'done') answered?.resolve(reply.response);
    else answered?.reject(errorOf(reply.failure));
  });

  return {
    call: call as Calls<C, Progress>['call'],
    end: (reason) => {
      if (over !== null) return;
      over = reason;
      const left = [...waiting.values()];
      waiting.clear();
      for (const { release, reject } of left) {
        release();
        reject(reason);
      }
      tellEnd(reason);
    },
    ended,
    isEnded: () => over !== null,
    waiting: () => waiting.size,
  };
}

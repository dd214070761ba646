import type { CallMessage, CallReply, Contract } from '../../shared/calls/call-messages.ts';
import { createCalls } from '../../shared/calls/calls.ts';
import type { Calls } from '../../shared/calls/calls.ts';
import { serveCalls } from '../../shared/calls/serve-calls.ts';
import type { CallHandlers } from '../../shared/calls/serve-calls.ts';
import type { Timers } from '../../shared/timers.ts';

/** One end of the way between a page and its worker. */
interface WorkerEnd extends Pick<EventTarget, 'addEventListener'> {
  postMessage(message: unknown, options: { transfer: Transferable[] }): void;
}

export interface OwnWorker extends WorkerEnd {
  terminate(): void;
}

export interface CallWorkerOptions {
  /** A worker that leaves a call unanswered for so long is ended. */
  readonly deadlineMs: number;
  readonly timers?: Timers;
}

/**
 * Calls a worker that runs `serveWorker`. One that breaks or hangs fails what it was asked, and another
 * begins with the next call.
 */
export function callWorker<C extends Contract<C>>(
  begin: () => OwnWorker,
  { deadlineMs, timers }: CallWorkerOptions,
): Calls<C>['call'] {
  const beginOne = (): Calls<C> => {
    const worker = begin();
    const end = (reason: Error): void => {
      worker.terminate();
      calls.end(reason);
    };
    const calls = createCalls<C>({
      post: (message, transfer) =>
        worker.postMessage(message, { transfer: [...transfer] as Transferable[] }),
      on: (receive) =>
        worker.addEventListener('message', (event) =>
          receive((event as MessageEvent<CallReply>).data),
        ),
      onLate: end,
      deadlineMs,
      ...(timers && { timers }),
    });
    worker.addEventListener('error', (event) => end(new Error((event as ErrorEvent).message)));
    return calls;
  };
  let current = beginOne();
  return (name, ...rest) => {
    if (current.isEnded()) current = beginOne();
    return current.call(name, ...rest);
  };
}

/** Answers, in a worker at its own global scope, what `callWorker` asks: several calls at a time. */
export function serveWorker<C extends Contract<C>>(
  port: WorkerEnd,
  handlers: CallHandlers<C>,
): void {
  serveCalls<C>({
    post: (reply, transfer) =>
      port.postMessage(reply, { transfer: [...transfer] as Transferable[] }),
    on: (receive) =>
      port.addEventListener('message', (event) =>
        receive((event as MessageEvent<CallMessage<C>>).data),
      ),
    handlers,
  });
}

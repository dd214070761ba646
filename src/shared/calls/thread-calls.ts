import type { CallMessage, CallReply, Contract } from './call-messages.ts';
import { createCalls } from './calls.ts';
import type { Calls, CallsOptions } from './calls.ts';
import { serveCalls } from './serve-calls.ts';
import type { ServeOptions } from './serve-calls.ts';

/** The part of a Worker of `node:worker_threads` that is used here. */
interface Thread {
  postMessage(message: unknown, transfer?: readonly object[]): void;
  on(event: 'message', listener: (message: unknown) => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'exit', listener: () => void): unknown;
}

/** The part of that module's `parentPort`. */
type ParentPort = Pick<Thread, 'postMessage'> & {
  on(event: 'message', listener: (message: unknown) => void): unknown;
};

export interface ThreadCallsOptions<C extends Contract<C>, Progress = never> extends Omit<
  CallsOptions<C, Progress>,
  'post' | 'on'
> {
  /** What calls fail with once the thread has ended, by the error if there was one. */
  readonly endError: (cause?: Error) => Error;
}

/** Calls a thread of Node's that runs `serveThread`, until it ends. */
export function callThread<C extends Contract<C>, Progress = never>(
  thread: Thread,
  { endError, ...options }: ThreadCallsOptions<C, Progress>,
): Calls<C, Progress> {
  const calls = createCalls<C, Progress>({
    ...options,
    post: (message, transfer) => thread.postMessage(message, transfer),
    on: (receive) => void thread.on('message', (reply) => receive(reply as CallReply<Progress>)),
  });
  thread.on('error', (error) =>
    calls.end(endError(error instanceof Error ? error : new Error(String(error)))),
  );
  thread.on('exit', () => calls.end(endError()));
  return calls;
}

/** Answers, in a thread of Node's, what `callThread` asks. */
export function serveThread<C extends Contract<C>, Progress = never>(
  port: ParentPort,
  options: Omit<ServeOptions<C, Progress>, 'post' | 'on'>,
): void {
  serveCalls<C, Progress>({
    ...options,
    post: (reply, transfer) => port.postMessage(reply, transfer),
    on: (receive) => void port.on('message', (message) => receive(message as CallMessage<C>)),
  });
}

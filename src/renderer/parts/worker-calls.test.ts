import { expect, onTestFinished, test, vi } from 'vitest';

import { manualTimers } from '../../shared/testing/manual-timers.ts';
import type { ManualTimers } from '../../shared/testing/manual-timers.ts';
import { handOver } from '../../shared/calls/serve-calls.ts';
import type { CallHandlers } from '../../shared/calls/serve-calls.ts';
import { callWorker, serveWorker } from './worker-calls.ts';
import type { OwnWorker } from './worker-calls.ts';

interface Workshop {
  make(order: string): string;
  press(bytes: ArrayBuffer): ArrayBuffer;
}

const workshop: CallHandlers<Workshop> = {
  make: (order) => `${order} made`,
  press: (bytes) => handOver(bytes, [bytes]),
};

/** A worker on this thread: a channel, at whose other end calls are served. */
function worker(handlers: Partial<CallHandlers<Workshop>> = {}) {
  const { port1, port2 } = new MessageChannel();
  const terminate = vi.fn(() => port1.close());
  onTestFinished(terminate);
  serveWorker<Workshop>(port2, { ...workshop, ...handlers });
  port1.start();
  port2.start();
  const own: OwnWorker = Object.assign(port1, { terminate });
  const fail = (message: string): boolean =>
    port1.dispatchEvent(Object.assign(new Event('error'), { message }));
  return { own, fail, terminate };
}

function callsOf(workers: readonly { readonly own: OwnWorker }[], timers?: ManualTimers) {
  const left = [...workers];
  return callWorker<Workshop>(() => left.shift()!.own, {
    deadlineMs: 1_000,
    ...(timers && { timers }),
  });
}

const never = (): Promise<never> => new Promise(() => undefined);

test('each call gets its own answer, whichever is made first', async () => {
  const later: (() => void)[] = [];
  const call = callsOf([
    worker({
      make: async (order) => {
        if (order === 'slow') await new Promise<void>((resolve) => later.push(resolve));
        return `${order} made`;
      },
    }),
  ]);
  const slow = call('make', 'slow');
  expect(await call('make', 'quick')).toBe('quick made');
  later[0]!();
  expect(await slow).toBe('slow made');
});

test('what cannot be made fails alone, with its reason', async () => {
  const call = callsOf([
    worker({
      make: (order) => {
        if (order === 'odd') throw new Error('Too odd.');
        return `${order} made`;
      },
    }),
  ]);
  await expect(call('make', 'odd')).rejects.toThrow('Too odd.');
  expect(await call('make', 'even')).toBe('even made');
});

test('a worker that breaks fails what it was asked for, and another takes the next', async () => {
  const broken = worker({ make: never });
  const call = callsOf([broken, worker()]);
  const lost = expect(call('make', 'first')).rejects.toThrow('It did not load.');
  broken.fail('It did not load.');
  await lost;
  expect(broken.terminate).toHaveBeenCalled();
  expect(await call('make', 'second')).toBe('second made');
});

test('one that does not answer is ended at the deadline, and another takes the next', async () => {
  const timers = manualTimers();
  const hung = worker({ make: never });
  const call = callsOf([hung, worker()], timers);
  const both = Promise.allSettled([call('make', 'first'), call('make', 'second')]);
  timers.pass(1_000);
  expect((await both).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(hung.terminate).toHaveBeenCalled();
  expect(await call('make', 'third')).toBe('third made');
});

test('it begins before it is asked, for it has to load', () => {
  const begin = vi.fn(() => worker().own);
  callWorker<Workshop>(begin, { deadlineMs: 1_000 });
  expect(begin).toHaveBeenCalledOnce();
});

test('what is handed over is gone here', async () => {
  const bytes = new ArrayBuffer(4);
  const call = callsOf([worker()]);
  expect((await call('press', bytes, { transfer: [bytes] })).byteLength).toBe(4);
  expect(bytes.byteLength).toBe(0);
});

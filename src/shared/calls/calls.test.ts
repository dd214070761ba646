import { describe, expect, onTestFinished, test, vi } from 'vitest';

import { manualTimers } from '../testing/manual-timers.ts';
import type { CallFailure, CallMessage, CallReply } from './call-messages.ts';
import { createCalls } from './calls.ts';
import type { CallsOptions } from './calls.ts';
import { handOver, serveCalls } from './serve-calls.ts';
import type { CallHandlers } from './serve-calls.ts';

interface Kitchen {
  cook(dish: string): string;
  weigh(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer>;
  clean(): null;
}

type Message = CallMessage<Kitchen>;
type Reply = CallReply<number>;

/** This side alone: the test is the other one. */
function callSide(options: Partial<CallsOptions<Kitchen, number>> = {}) {
  const posted: Message[] = [];
  const timers = manualTimers();
  let receive: (reply: Reply) => void = () => undefined;
  const calls = createCalls<Kitchen, number>({
    post: (message) => posted.push(message),
    on: (given) => {
      receive = given;
    },
    timers,
    ...options,
  });
  const idOf = (place: number): number => posted[place]!.id;
  return {
    calls,
    posted,
    timers,
    idOf,
    reply: (place: number, response: unknown) =>
      receive({ kind: 'done', id: idOf(place), response }),
    fail: (place: number, failure: CallFailure) =>
      receive({ kind: 'failed', id: idOf(place), failure }),
    progress: (place: number, progress: number) =>
      receive({ kind: 'progress', id: idOf(place), progress }),
  };
}

/** That side alone. */
function serveSide(handlers: CallHandlers<Kitchen, number>, inOrder = false) {
  const replies: Reply[] = [];
  let receive: (message: Message) => void = () => undefined;
  serveCalls<Kitchen, number>({
    post: (reply) => replies.push(reply),
    on: (given) => {
      receive = given;
    },
    handlers,
    inOrder,
  });
  const ask = (id: number, dish: string): void =>
    receive({ kind: 'call', id, name: 'cook', argument: dish });
  return { replies, ask, abort: (id: number) => receive({ kind: 'abort', id }) };
}

const kitchen: CallHandlers<Kitchen, number> = {
  cook: (dish) => `${dish}, cooked`,
  weigh: (bytes) => handOver(bytes, [bytes.buffer]),
  clean: () => null,
};

/** Both, over a real channel. */
function overChannel(handlers: CallHandlers<Kitchen, number>) {
  const { port1, port2 } = new MessageChannel();
  onTestFinished(() => port1.close());
  serveCalls<Kitchen, number>({
    post: (reply, transfer) => port2.postMessage(reply, transfer as Transferable[]),
    on: (receive) => {
      port2.onmessage = ({ data }) => receive(data as Message);
    },
    handlers,
  });
  return createCalls<Kitchen, number>({
    post: (message, transfer) => port1.postMessage(message, transfer as Transferable[]),
    on: (receive) => {
      port1.onmessage = ({ data }) => receive(data as Reply);
    },
  });
}

const gone = new Error('The kitchen is gone.');
/** Lets promises that wait for nothing settle. */
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('both sides', () => {
  test('a call gets its response, with and without an argument', async () => {
    const calls = overChannel(kitchen);
    expect(await calls.call('cook', 'soup')).toBe('soup, cooked');
    expect(await calls.call('clean')).toBeNull();
  });

  test('what is handed over is gone where it was, in both directions', async () => {
    let served: Uint8Array | undefined;
    const calls = overChannel({
      ...kitchen,
      weigh: (bytes) => {
        served = bytes;
        return handOver(bytes, [bytes.buffer]);
      },
    });
    const bytes = Uint8Array.of(1, 2);
    const weighed = await calls.call('weigh', bytes, { transfer: [bytes.buffer] });
    expect([bytes.length, served?.length]).toEqual([0, 0]);
    expect(weighed).toEqual(Uint8Array.of(1, 2));
  });

  test('without handing over it is copied', async () => {
    const bytes = Uint8Array.of(1, 2);
    await overChannel(kitchen).call('weigh', bytes);
    expect(bytes.length).toBe(2);
  });

  test('an argument that cannot be copied fails the call, and nothing waits', async () => {
    const calls = overChannel(kitchen);
    const uncopyable = (() => undefined) as unknown as string;
    await expect(calls.call('cook', uncopyable)).rejects.toThrow(/could not be cloned/);
    expect(calls.waiting()).toBe(0);
  });

  test('a response that cannot be copied fails the call', async () => {
    const uncopyable = (() => undefined) as unknown as string;
    const calls = overChannel({ ...kitchen, cook: () => uncopyable });
    await expect(calls.call('cook', 'soup')).rejects.toThrow(/could not be cloned/);
  });

  test('progress arrives before the response, and only where it belongs', async () => {
    const calls = overChannel({
      ...kitchen,
      cook: (dish, tell) => {
        tell(dish.length);
        return dish;
      },
    });
    const heard: unknown[] = [];
    await Promise.all([
      calls
        .call('cook', 'stew', { onProgress: (done) => heard.push(done) })
        .then((dish) => heard.push(dish)),
      calls.call('cook', 'soufflé'),
    ]);
    expect(heard).toEqual([4, 'stew']);
  });
});

describe('the side that calls', () => {
  test('each call gets its own response, whichever comes first', async () => {
    const { calls, reply } = callSide();
    const both = [calls.call('cook', 'soup'), calls.call('cook', 'cake')];
    reply(1, 'cake!');
    reply(0, 'soup!');
    expect(await Promise.all(both)).toEqual(['soup!', 'cake!']);
  });

  test('one that fails does not fail the others', async () => {
    const { calls, reply, fail } = callSide();
    const [burnt, fine] = [calls.call('cook', 'toast'), calls.call('cook', 'soup')];
    fail(0, { message: 'Burnt.' });
    reply(1, 'soup!');
    await expect(burnt).rejects.toThrow('Burnt.');
    expect(await fine).toBe('soup!');
  });

  test('an error of its own kind is made of what crossed', async () => {
    const { calls, fail } = callSide({
      errorOf: ({ message, code }) => new RangeError(`${code}: ${message}`),
    });
    const burnt = calls.call('cook', 'toast');
    fail(0, { message: 'Burnt.', code: 'too-hot' });
    await expect(burnt).rejects.toThrow(new RangeError('too-hot: Burnt.'));
  });

  test('at the end all that wait fail, and what is asked later fails at once, unposted', async () => {
    const { calls, posted } = callSide();
    const both = Promise.allSettled([calls.call('cook', 'soup'), calls.call('clean')]);
    calls.end(gone);
    calls.end(new Error('Gone again.'));
    expect(await both).toEqual([
      { status: 'rejected', reason: gone },
      { status: 'rejected', reason: gone },
    ]);
    await expect(calls.call('clean')).rejects.toBe(gone);
    expect(posted).toHaveLength(2);
    expect([await calls.ended, calls.isEnded(), calls.waiting()]).toEqual([gone, true, 0]);
  });

  test('at its deadline a call fails, and the other side need not go on', async () => {
    const { calls, timers, posted, idOf, reply } = callSide();
    const late = expect(calls.call('cook', 'stew', { deadlineMs: 100 })).rejects.toThrow(
      '“cook” was not answered within 100 ms.',
    );
    const patient = calls.call('cook', 'soup');
    timers.pass(100);
    await late;
    expect(posted.at(-1)).toEqual({ kind: 'abort', id: idOf(0) });
    reply(0, 'stew, late');
    reply(1, 'soup!');
    expect(await patient).toBe('soup!');
  });

  test('all calls may have one deadline, and one of them another', async () => {
    const { calls, timers } = callSide({ deadlineMs: 100 });
    const usual = expect(calls.call('clean')).rejects.toThrow(/within 100 ms/);
    const own = expect(calls.call('cook', 'stew', { deadlineMs: 200 })).rejects.toThrow(/200 ms/);
    timers.pass(100);
    await usual;
    expect(calls.waiting()).toBe(1);
    timers.pass(100);
    await own;
  });

  test('a response in time calls the deadline off', async () => {
    const { calls, timers, reply } = callSide();
    const soup = calls.call('cook', 'soup', { deadlineMs: 100 });
    reply(0, 'soup!');
    expect(timers.waiting()).toBe(0);
    expect(await soup).toBe('soup!');
  });

  test('the end calls all deadlines off', async () => {
    const { calls, timers } = callSide();
    const soup = expect(calls.call('cook', 'soup', { deadlineMs: 100 })).rejects.toBe(gone);
    calls.end(gone);
    await soup;
    expect(timers.waiting()).toBe(0);
  });

  test('who takes one late call for a dead side fails the others with it', async () => {
    const side = callSide({
      lateError: () => new Error('It hangs.'),
      onLate: (error) => side.calls.end(error),
    });
    const both = Promise.allSettled([
      side.calls.call('cook', 'stew', { deadlineMs: 100 }),
      side.calls.call('clean'),
    ]);
    side.timers.pass(100);
    expect((await both).map((one) => one.status === 'rejected' && String(one.reason))).toEqual([
      'Error: It hangs.',
      'Error: It hangs.',
    ]);
    // Nobody is there to be told that one need not be answered.
    expect(side.posted.map(({ kind }) => kind)).toEqual(['call', 'call']);
  });

  test('in order, a deadline begins when the call before has been answered', async () => {
    const { calls, timers, reply } = callSide({ inOrder: true });
    const first = calls.call('cook', 'soup', { deadlineMs: 100 });
    const second = expect(calls.call('cook', 'stew', { deadlineMs: 100 })).rejects.toThrow(/100/);
    timers.pass(90);
    reply(0, 'soup!');
    timers.pass(90);
    expect([await first, calls.waiting()]).toEqual(['soup!', 1]);
    timers.pass(10);
    await second;
  });

  test('aborted, a call fails with the reason, and the other side is told', async () => {
    const { calls, posted, idOf } = callSide();
    const patience = new AbortController();
    const asked = calls.call('cook', 'stew', { signal: patience.signal });
    patience.abort(gone);
    await expect(asked).rejects.toBe(gone);
    expect(posted.at(-1)).toEqual({ kind: 'abort', id: idOf(0) });
    expect(calls.waiting()).toBe(0);
  });

  test('aborted before, nothing is posted', async () => {
    const { calls, posted } = callSide();
    const signal = AbortSignal.abort(gone);
    await expect(calls.call('cook', 'stew', { signal })).rejects.toBe(gone);
    expect(posted).toEqual([]);
  });

  test('an answered call lets go of its signal', async () => {
    const { calls, posted, reply } = callSide();
    const patience = new AbortController();
    const removed = vi.spyOn(patience.signal, 'removeEventListener');
    const asked = calls.call('cook', 'soup', { signal: patience.signal });
    reply(0, 'soup!');
    await asked;
    expect(removed).toHaveBeenCalled();
    patience.abort();
    expect(posted).toHaveLength(1);
  });

  test('two over the same way never use a number twice', () => {
    const [one, other] = [callSide(), callSide()];
    void one.calls.call('clean');
    void other.calls.call('clean');
    expect(one.idOf(0)).not.toBe(other.idOf(0));
  });
});

describe('the side that serves', () => {
  /** Cooks when it is told to. */
  function slowKitchen() {
    const begun: string[] = [];
    const ready = new Map<string, () => void>();
    const handlers: CallHandlers<Kitchen, number> = {
      ...kitchen,
      cook: (dish) => {
        begun.push(dish);
        return new Promise((resolve) => ready.set(dish, () => resolve(dish)));
      },
    };
    return { begun, handlers, finish: (dish: string) => ready.get(dish)!() };
  }

  const idsOf = (replies: readonly Reply[]) => replies.map(({ id }) => id);

  test('works on several calls at a time', async () => {
    const { begun, handlers, finish } = slowKitchen();
    const { replies, ask } = serveSide(handlers);
    ask(1, 'stew');
    ask(2, 'soup');
    expect(begun).toEqual(['stew', 'soup']);
    finish('soup');
    await settle();
    finish('stew');
    await settle();
    expect(idsOf(replies)).toEqual([2, 1]);
  });

  test('in order, works on one after another', async () => {
    const { begun, handlers, finish } = slowKitchen();
    const { replies, ask } = serveSide(handlers, true);
    ask(1, 'stew');
    ask(2, 'soup');
    await settle();
    expect(begun).toEqual(['stew']);
    finish('stew');
    await settle();
    expect(begun).toEqual(['stew', 'soup']);
    finish('soup');
    await settle();
    expect(idsOf(replies)).toEqual([1, 2]);
  });

  test('in order, one that fails does not hold up the next', async () => {
    const { replies, ask } = serveSide(
      {
        ...kitchen,
        cook: (dish) => {
          if (dish === 'toast') throw new Error('Burnt.');
          return dish;
        },
      },
      true,
    );
    ask(1, 'toast');
    ask(2, 'soup');
    await settle();
    expect(replies).toEqual([
      { kind: 'failed', id: 1, failure: { message: 'Burnt.' } },
      { kind: 'done', id: 2, response: 'soup' },
    ]);
  });

  test('what is being worked on learns that nobody waits for it any more', async () => {
    const known: boolean[] = [];
    let goOn = (): void => undefined;
    const { ask, abort } = serveSide({
      ...kitchen,
      cook: async (dish, _tell, isWanted) => {
        known.push(isWanted());
        await new Promise<void>((resolve) => (goOn = resolve));
        known.push(isWanted());
        return dish;
      },
    });
    ask(1, 'stew');
    abort(1);
    goOn();
    await settle();
    expect(known).toEqual([true, false]);
  });

  test('what was aborted before its turn is not begun', async () => {
    const { begun, handlers, finish } = slowKitchen();
    const { replies, ask, abort } = serveSide(handlers, true);
    ask(1, 'stew');
    ask(2, 'soup');
    ask(3, 'cake');
    abort(2);
    await settle();
    finish('stew');
    await settle();
    expect(begun).toEqual(['stew', 'cake']);
    expect(idsOf(replies)).toEqual([1]);
  });
});

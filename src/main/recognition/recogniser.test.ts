import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ClassifyOutcome, PredictionClient } from './prediction-client.ts';
import { probePicture } from './probe-picture.ts';
import { conditionOf } from '../devices/recogniser/recogniser-condition.ts';
import { createRecogniser } from './recogniser.ts';
import type { RecognitionHealth, RunningRecogniser, TryMeasure } from './recogniser.ts';
import type { RecognitionFault } from './recognition.ts';

const picture = new Uint8Array([1, 2, 3]);
const deadlineMs = 2000;

/** What one call comes to, and after how many milliseconds; never, if Infinity. */
type Plan = { readonly outcome: ClassifyOutcome; readonly afterMs: number };

const good: ClassifyOutcome = {
  kind: 'predictions',
  predictions: [{ tagId: 't', tagName: 'banana', tagType: 'Regular', probability: 0.9 }],
  serverMs: 7,
};

function bad(fault: RecognitionFault, retryAfterMs: number | null = null): ClassifyOutcome {
  return { kind: 'fault', fault, message: `It is ${fault}.`, retryAfterMs };
}

function after(afterMs: number, outcome: ClassifyOutcome): Plan {
  return { outcome, afterMs };
}

const silent = after(Infinity, good);
const at = (plans: readonly Plan[], index: number): Plan =>
  plans[Math.min(index, plans.length - 1)] ?? silent;

interface Call {
  readonly atMs: number;
  readonly probe: boolean;
  readonly store: boolean;
  readonly signal: AbortSignal;
}

class FakeClient implements PredictionClient {
  readonly name: string;
  readonly calls: Call[] = [];
  closed = false;
  #plans: readonly Plan[];
  #next = 0;

  /** The last plan holds for all further calls. */
  constructor(name: string, ...plans: Plan[]) {
    this.name = name;
    this.#plans = plans;
  }

  plan(...plans: Plan[]): void {
    this.#plans = plans;
    this.#next = 0;
  }

  classify(bytes: Uint8Array, options: { signal: AbortSignal; store: boolean }) {
    const { outcome, afterMs } = at(this.#plans, this.#next);
    this.#next += 1;
    this.calls.push({ atMs: performance.now(), probe: bytes === probePicture, ...options });
    // It does not heed the signal: the deadline must hold even so.
    return new Promise<ClassifyOutcome>((resolve) => {
      if (afterMs === 0) resolve(outcome);
      else if (Number.isFinite(afterMs)) setTimeout(() => resolve(outcome), afterMs);
    });
  }

  close(): void {
    this.closed = true;
  }
}

let first: FakeClient;
let second: FakeClient;
let recogniser: RunningRecogniser;
let tries: TryMeasure[];
let healths: RecognitionHealth[];

function open(withSecond: boolean, keepPictures = false): void {
  recogniser = createRecogniser({
    first,
    second: withSecond ? second : null,
    deadlineMs,
    keepPictures,
    onTry: (measure) => tries.push(measure),
  });
  recogniser.onHealth((health) => healths.push(health));
}

/** Recognises with the clock run on, and tells at what time the answer came. */
async function recognise() {
  const startedMs = performance.now();
  let answer: { result: Awaited<ReturnType<typeof recogniser.recognise>>; ms: number } | null =
    null;
  const waiting = recogniser.recognise(picture).then((result) => {
    answer = { result, ms: performance.now() - startedMs };
    return answer;
  });
  while (answer === null) {
    await vi.advanceTimersByTimeAsync(0);
    if (answer === null) await vi.advanceTimersToNextTimerAsync();
  }
  return waiting;
}

beforeEach(() => {
  vi.useFakeTimers();
  first = new FakeClient('PredictionEndpoint one', after(20, good));
  second = new FakeClient('SecondPredictionEndpoint two', after(30, good));
  tries = [];
  healths = [];
});

afterEach(() => {
  recogniser.close();
  vi.useRealTimers();
});

describe('one endpoint', () => {
  test('answers', async () => {
    open(false);
    const { result, ms } = await recognise();
    expect(result).toEqual({
      kind: 'recognised',
      predictions: good.kind === 'predictions' ? good.predictions : [],
      tookMs: 20,
      via: 'first',
    });
    expect(ms).toBe(20);
    expect(tries).toEqual([
      { via: 'first', purpose: 'shopper', outcome: 'predictions', httpMs: 20, serverMs: 7 },
    ]);
    expect(first.calls[0]?.store).toBe(false);
  });

  test('keeps pictures only where that is set, and never a probe', async () => {
    open(false, true);
    await recognise();
    const warming = recogniser.warm();
    await vi.advanceTimersByTimeAsync(20);
    await warming;
    expect(first.calls.map(({ probe, store }) => ({ probe, store }))).toEqual([
      { probe: false, store: true },
      { probe: true, store: false },
    ]);
  });

  test('that is silent costs no more than the deadline', async () => {
    first.plan(silent);
    open(false);
    const { result, ms } = await recognise();
    expect(ms).toBe(deadlineMs);
    expect(result).toEqual({
      kind: 'unavailable',
      fault: 'deadline',
      message: 'PredictionEndpoint one did not answer within 2000 ms.',
      tookMs: deadlineMs,
    });
    expect(first.calls[0]?.signal.aborted).toBe(true);
  });

  test('that answers after the deadline is not heard any more', async () => {
    first.plan(after(deadlineMs + 1, good));
    open(false);
    expect((await recognise()).result).toMatchObject({ kind: 'unavailable', fault: 'deadline' });
    await vi.advanceTimersByTimeAsync(10);
    expect(tries).toMatchObject([{ outcome: 'abandoned' }]);
  });

  test('that fails after the deadline has failed once, not twice', async () => {
    first.plan(after(deadlineMs + 1, bad('wrong-key')));
    open(false);
    for (let item = 0; item < 2; item += 1) {
      await recognise();
      await vi.advanceTimersByTimeAsync(10);
    }
    expect(healths).toEqual([]);
  });

  test('that throws is a fault, not a crash', async () => {
    first.classify = () => Promise.reject(new Error('boom'));
    open(false);
    expect((await recognise()).result).toMatchObject({
      kind: 'unavailable',
      fault: 'unreachable',
      message: expect.stringContaining('boom'),
    });
  });

  const retried: readonly [string, ClassifyOutcome, number][] = [
    ['a reset connection, at once', bad('unreachable', 0), 0],
    ['a server error, after a pause', bad('server-error', 100), 100],
    ['too many calls, when it may', bad('rate-limited', 1000), 1000],
  ];
  test.each(retried)('is asked once more after %s', async (_name, fault, pauseMs) => {
    first.plan(after(5, fault), after(20, good));
    open(false);
    const { result, ms } = await recognise();
    expect(result).toMatchObject({ kind: 'recognised', via: 'first' });
    expect(ms).toBe(5 + pauseMs + 20);
    expect(recogniser.health().via).toBe('first');
  });

  test('is asked no third time', async () => {
    first.plan(after(5, bad('server-error', 100)));
    open(false);
    const { result } = await recognise();
    expect(result).toMatchObject({ kind: 'unavailable', fault: 'server-error' });
    expect(first.calls).toHaveLength(2);
  });

  const final: readonly [string, ClassifyOutcome][] = [
    ['a wrong key', bad('wrong-key')],
    ['a bad picture', bad('bad-picture')],
    ['too many calls without a time', bad('rate-limited')],
    ['too many calls with a time past the deadline', bad('rate-limited', deadlineMs)],
    ['a wrong endpoint', bad('wrong-endpoint')],
  ];
  test.each(final)('is not asked again after %s', async (_name, fault) => {
    first.plan(after(5, fault));
    open(false);
    const { result, ms } = await recognise();
    expect(result).toMatchObject({ kind: 'unavailable', ...pick(fault) });
    expect(ms).toBe(5);
    expect(first.calls).toHaveLength(1);
  });

  test('a second try that is silent ends with the deadline of the first', async () => {
    first.plan(after(500, bad('server-error', 100)), silent);
    open(false);
    const { result, ms } = await recognise();
    expect(ms).toBe(deadlineMs);
    expect(result).toMatchObject({ fault: 'server-error' });
  });
});

function pick(outcome: ClassifyOutcome): { fault?: RecognitionFault } {
  return outcome.kind === 'fault' ? { fault: outcome.fault } : {};
}

describe('the breaker', () => {
  test('opens after three faults in a row; then nobody waits', async () => {
    first.plan(silent);
    open(false);
    for (let item = 0; item < 3; item += 1) {
      expect(recogniser.health().via).toBe('first');
      expect((await recognise()).ms).toBe(deadlineMs);
    }
    expect(healths).toEqual([
      {
        via: 'none',
        first: {
          kind: 'out',
          fault: 'deadline',
          message: 'PredictionEndpoint one did not answer within 2000 ms.',
        },
        second: null,
      },
    ]);
    const calls = first.calls.length;
    const { result, ms } = await recognise();
    expect(ms).toBe(0);
    expect(result).toMatchObject({ kind: 'unavailable', fault: 'deadline', tookMs: 0 });
    expect(first.calls).toHaveLength(calls);
  });

  test('counts anew after an answer', async () => {
    const fault = after(5, bad('wrong-key'));
    first.plan(fault, fault, after(5, good), fault, fault, after(5, good));
    open(false);
    for (let item = 0; item < 6; item += 1) await recognise();
    expect(healths).toEqual([]);
  });

  test('is not moved by bad pictures', async () => {
    first.plan(after(5, bad('bad-picture')));
    open(false);
    for (let item = 0; item < 5; item += 1) await recognise();
    expect(first.calls).toHaveLength(5);
    expect(healths).toEqual([]);
  });

  test('closes by a probe in the background, with no shopper in it', async () => {
    first.plan(after(5, bad('wrong-endpoint')));
    open(false);
    for (let item = 0; item < 3; item += 1) await recognise();
    first.plan(after(5, good));
    await vi.advanceTimersByTimeAsync(1005);
    expect(first.calls.at(-1)).toMatchObject({ probe: true });
    expect(healths.map((health) => conditionOf(health).kind)).toEqual(['lost', 'ready']);
    expect((await recognise()).result).toMatchObject({ kind: 'recognised', via: 'first' });
  });

  test('probes ever more rarely while the endpoint stays away', async () => {
    first.plan(after(0, bad('wrong-endpoint')));
    open(false);
    for (let item = 0; item < 3; item += 1) await recognise();
    const outSinceMs = performance.now();
    await vi.advanceTimersByTimeAsync(200_000);
    const probes = first.calls.filter(({ probe }) => probe);
    expect(probes.map(({ atMs }) => Math.round((atMs - outSinceMs) / 1000))).toEqual([
      1, 3, 7, 15, 31, 63, 123, 183,
    ]);
    expect(healths).toHaveLength(1);
  });

  test('a silent probe ends with the deadline, and the next one comes', async () => {
    first.plan(after(5, bad('wrong-endpoint')));
    open(false);
    for (let item = 0; item < 3; item += 1) await recognise();
    first.plan(silent, after(5, good));
    await vi.advanceTimersByTimeAsync(1000 + deadlineMs + 2000 + 5);
    expect(recogniser.health().via).toBe('first');
  });

  test('keeps to a rest that the server asks for', async () => {
    first.plan(after(5, bad('rate-limited', 30_000)), after(5, good));
    open(false);
    await recognise();
    expect(recogniser.health()).toMatchObject({
      via: 'none',
      first: { kind: 'out', fault: 'rate-limited' },
    });
    await vi.advanceTimersByTimeAsync(29_999);
    expect(first.calls).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(10);
    expect(recogniser.health().via).toBe('first');
  });

  test('does not mind a wall clock that is set back', async () => {
    first.plan(after(5, bad('wrong-endpoint')));
    open(false);
    for (let item = 0; item < 3; item += 1) await recognise();
    vi.setSystemTime(Date.now() - 365 * 24 * 3600 * 1000);
    first.plan(after(5, good));
    await vi.advanceTimersByTimeAsync(1005);
    expect(recogniser.health().via).toBe('first');
  });
});

describe('two endpoints', () => {
  test('the second is not troubled while the first answers', async () => {
    open(true);
    expect((await recognise()).result).toMatchObject({ via: 'first' });
    expect(second.calls).toHaveLength(0);
  });

  test('the second is asked as soon as the first has failed', async () => {
    first.plan(after(5, bad('wrong-key')));
    open(true);
    const { result, ms } = await recognise();
    expect(result).toMatchObject({ kind: 'recognised', via: 'second', tookMs: 35 });
    expect(ms).toBe(35);
  });

  test('the second is asked rather than the first once more after a pause', async () => {
    first.plan(after(5, bad('server-error', 100)));
    open(true);
    expect((await recognise()).ms).toBe(35);
    expect(first.calls).toHaveLength(1);
  });

  test('a reset connection of the first is opened again at once', async () => {
    first.plan(after(5, bad('unreachable', 0)), after(20, good));
    open(true);
    expect(await recognise()).toMatchObject({ result: { via: 'first' }, ms: 25 });
    expect(second.calls).toHaveLength(0);
  });

  test('the second joins when the first has used up its share', async () => {
    first.plan(silent);
    open(true);
    expect(await recognise()).toMatchObject({ result: { via: 'second' }, ms: 1030 });
    expect(first.calls[0]?.signal.aborted).toBe(true);
  });

  test('the first may still win then', async () => {
    first.plan(after(1010, good));
    open(true);
    expect(await recognise()).toMatchObject({ result: { via: 'first' }, ms: 1010 });
    expect(second.calls[0]?.signal.aborted).toBe(true);
    expect(healths).toEqual([]);
  });

  test('a first that always loses is left out, and the second answers alone', async () => {
    first.plan(silent);
    open(true);
    for (let item = 0; item < 3; item += 1) await recognise();
    expect(healths.map((health) => conditionOf(health).kind)).toEqual(['degraded']);
    expect(await recognise()).toMatchObject({ result: { via: 'second' }, ms: 30 });
    expect(first.calls.filter(({ probe }) => !probe)).toHaveLength(3);
  });

  test('a first that is back but slower than its share stays out', async () => {
    first.plan(silent);
    open(true);
    for (let item = 0; item < 3; item += 1) await recognise();
    first.plan(after(1500, good));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(recogniser.health().via).toBe('second');
    first.plan(after(20, good));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(recogniser.health()).toEqual({
      via: 'first',
      first: { kind: 'working' },
      second: { kind: 'working' },
    });
  });

  test('when both fail, the fault told is that of the first', async () => {
    first.plan(after(5, bad('wrong-key')));
    second.plan(after(5, bad('server-error', null)));
    open(true);
    expect(await recognise()).toMatchObject({
      result: { kind: 'unavailable', fault: 'wrong-key', message: 'It is wrong-key.' },
      ms: 10,
    });
  });

  test('when both are silent, the deadline ends it', async () => {
    first.plan(silent);
    second.plan(silent);
    open(true);
    expect(await recognise()).toMatchObject({
      result: { fault: 'deadline', message: expect.stringMatching(/^PredictionEndpoint one/) },
      ms: deadlineMs,
    });
  });

  test('the fault of a first that is out is told when the second fails too', async () => {
    first.plan(after(5, bad('wrong-key')));
    open(true);
    for (let item = 0; item < 3; item += 1) await recognise();
    second.plan(after(5, bad('server-error')));
    expect((await recognise()).result).toMatchObject({ kind: 'unavailable', fault: 'wrong-key' });
  });

  test('both out: nobody waits', async () => {
    first.plan(after(5, bad('wrong-key')));
    second.plan(after(5, bad('wrong-project')));
    open(true);
    for (let item = 0; item < 3; item += 1) await recognise();
    expect(healths.map((health) => conditionOf(health).kind)).toEqual(['degraded', 'lost']);
    expect(await recognise()).toMatchObject({ result: { fault: 'wrong-key' }, ms: 0 });
  });

  test('one call spends one retry, whichever endpoint needs it', async () => {
    first.plan(after(5, bad('unreachable', 0)));
    second.plan(after(5, bad('unreachable', 0)));
    open(true);
    await recognise();
    expect([first.calls.length, second.calls.length]).toEqual([2, 1]);
  });

  test('calls that overlap do not disturb each other', async () => {
    first.plan(after(300, good), after(100, bad('wrong-key')), after(200, good));
    open(true);
    const all = Promise.all([1, 2, 3].map(() => recogniser.recognise(picture)));
    await vi.advanceTimersByTimeAsync(300);
    expect(await all).toMatchObject([
      { via: 'first', tookMs: 300 },
      { via: 'second', tookMs: 130 },
      { via: 'first', tookMs: 200 },
    ]);
  });
});

describe('warming up', () => {
  test('asks each endpoint once and tells what works', async () => {
    second.plan(after(5, bad('wrong-key')));
    open(true);
    const warming = recogniser.warm();
    await vi.advanceTimersByTimeAsync(30);
    expect(await warming).toMatchObject({
      via: 'first',
      second: { kind: 'out', fault: 'wrong-key', message: 'It is wrong-key.' },
    });
    expect([...first.calls, ...second.calls].every(({ probe }) => probe)).toBe(true);
  });

  test('gives a cold model longer than a shopper gives it', async () => {
    first.plan(after(3 * deadlineMs, good));
    open(false);
    const warming = recogniser.warm();
    await vi.advanceTimersByTimeAsync(3 * deadlineMs);
    expect(await warming).toMatchObject({ via: 'first' });
  });
});

test('closing ends probes and connections, and tells nobody', async () => {
  first.plan(after(5, bad('wrong-endpoint')));
  open(false);
  for (let item = 0; item < 3; item += 1) await recognise();
  const calls = first.calls.length;
  recogniser.close();
  await vi.advanceTimersByTimeAsync(100_000);
  expect(first.calls).toHaveLength(calls);
  expect(first.closed).toBe(true);
  expect(healths).toHaveLength(1);
});

test('closing in the middle of a probe begins no other', async () => {
  first.plan(after(50, bad('wrong-endpoint')));
  open(false);
  const warming = recogniser.warm();
  recogniser.close();
  await vi.advanceTimersByTimeAsync(100_000);
  await warming;
  expect(first.calls).toHaveLength(1);
  expect(healths).toEqual([]);
});

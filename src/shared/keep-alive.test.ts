import { describe, expect, test } from 'vitest';

import { keepAlive } from './keep-alive.ts';
import type { AfterEnd, KeepAliveOptions, Life } from './keep-alive.ts';
import { manualTimers } from './testing/manual-timers.ts';

/** What is kept alive runs at once, unless the test starts it otherwise. */
function kept(options: Partial<KeepAliveOptions> = {}) {
  const timers = manualTimers();
  const lives: Life[] = [];
  const ends: (AfterEnd & { readonly reason: unknown })[] = [];
  const keeper = keepAlive({
    backoffMs: [10, 20, 50],
    healthyAfterMs: 1_000,
    onEnded: (reason, after) => ends.push({ reason, ...after }),
    timers,
    ...options,
    start: (life) => {
      lives.push(life);
      return options.start?.(life);
    },
  });
  const end = (reason = 'died'): void => lives.at(-1)!.ended(reason);
  return { keeper, timers, lives, ends, end };
}

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
const never = () => new Promise<void>(() => undefined);

test('begins at once', () => {
  const { lives } = kept();
  expect(lives).toHaveLength(1);
  expect(lives[0]!.isCurrent()).toBe(true);
});

test('what ended begins again after the first wait', () => {
  const { timers, lives, ends, end } = kept();
  end('crashed');
  expect(ends).toEqual([{ reason: 'crashed', failures: 1, againInMs: 10 }]);
  timers.pass(9);
  expect(lives).toHaveLength(1);
  timers.pass(1);
  expect(lives.map((life) => life.isCurrent())).toEqual([false, true]);
});

test('what ends at once each time is begun ever more slowly', () => {
  const { timers, ends, end } = kept();
  for (let time = 0; time < 4; time++) {
    end();
    timers.pass(50);
  }
  expect(ends.map(({ failures, againInMs }) => [failures, againInMs])).toEqual([
    [1, 10],
    [2, 20],
    [3, 50],
    [4, 50],
  ]);
});

test('an end after it was healthy is the first in a row again', () => {
  const { timers, ends, end } = kept();
  end();
  timers.pass(10);
  end();
  timers.pass(20 + 1_000);
  end();
  expect(ends.at(-1)).toMatchObject({ failures: 1, againInMs: 10 });
});

test('a moment short of healthy it is one more', () => {
  const { timers, ends, end } = kept();
  end();
  timers.pass(10 + 999);
  end();
  expect(ends.at(-1)).toMatchObject({ failures: 2 });
});

describe('a start', () => {
  test('that throws is a failure', () => {
    const refused = new Error('no such program');
    let tries = 0;
    const { timers, ends } = kept({
      start: () => {
        tries += 1;
        if (tries < 3) throw refused;
      },
    });
    timers.pass(10);
    timers.pass(20);
    expect(ends).toEqual([
      { reason: refused, failures: 1, againInMs: 10 },
      { reason: refused, failures: 2, againInMs: 20 },
    ]);
    expect(tries).toBe(3);
  });

  test('that rejects is a failure', async () => {
    const refused = new Error('not loaded');
    const { ends } = kept({ start: () => Promise.reject(refused) });
    await settle();
    expect(ends).toEqual([{ reason: refused, failures: 1, againInMs: 10 }]);
  });

  test('that ended meanwhile is told once, whatever becomes of it', async () => {
    const { ends, end } = kept({ start: () => Promise.reject(new Error('not loaded')) });
    end('crashed');
    await settle();
    expect(ends.map(({ reason }) => reason)).toEqual(['crashed']);
  });

  test('that takes long is no health', () => {
    const { timers, ends, end } = kept({ start: never });
    end();
    timers.pass(10 + 5_000);
    end();
    expect(ends.at(-1)).toMatchObject({ failures: 2 });
  });

  test('counts as running from when it has resolved', async () => {
    let loaded = (): void => undefined;
    const { timers, ends, end } = kept({
      start: () => new Promise((resolve) => (loaded = resolve)),
    });
    end();
    timers.pass(10);
    loaded();
    await settle();
    timers.pass(1_000);
    end();
    expect(ends.at(-1)).toMatchObject({ failures: 1 });
  });
});

test('only the first word of an end counts', () => {
  const { timers, lives, ends } = kept();
  lives[0]!.ended('hung');
  lives[0]!.ended('killed');
  timers.pass(10);
  lives[0]!.ended('late');
  expect(ends.map(({ reason }) => reason)).toEqual(['hung']);
  expect(lives).toHaveLength(2);
});

describe('given up', () => {
  test('after so many in a row nothing is begun any more', () => {
    const { timers, lives, ends, end } = kept({ giveUpAfter: 2 });
    end();
    timers.pass(10);
    end();
    timers.pass(100_000);
    expect(ends.at(-1)).toMatchObject({ failures: 2, againInMs: null });
    expect(lives).toHaveLength(2);
  });

  test('a healthy life between them is none of them', () => {
    const { timers, ends, end } = kept({ giveUpAfter: 2 });
    end();
    timers.pass(10 + 1_000);
    end();
    expect(ends.at(-1)).toMatchObject({ againInMs: 10 });
  });

  test('it begins again where somebody asks for it', () => {
    const { keeper, lives, ends, end } = kept({ giveUpAfter: 1 });
    end();
    keeper.restart();
    expect(lives.at(-1)!.isCurrent()).toBe(true);
    expect(ends).toHaveLength(1);
  });
});

describe('restarted', () => {
  test('while it runs, the life before is replaced and its end is no news', () => {
    const { keeper, lives, ends } = kept();
    keeper.restart();
    lives[0]!.ended('closed');
    expect(lives.map((life) => life.isCurrent())).toEqual([false, true]);
    expect(ends).toEqual([]);
  });

  test('while it waits, it begins once, and forgets the failures', () => {
    const { keeper, timers, lives, ends, end } = kept();
    end();
    timers.pass(10);
    end();
    keeper.restart();
    expect([lives.length, timers.waiting()]).toEqual([3, 0]);
    end();
    expect(ends.at(-1)).toMatchObject({ failures: 1, againInMs: 10 });
  });

  test('at once after an end, from the word of it', () => {
    const once: { keeper?: ReturnType<typeof kept>['keeper'] } = {};
    const { keeper, timers, lives, end } = kept({ onEnded: () => once.keeper?.restart() });
    once.keeper = keeper;
    end();
    timers.pass(100);
    expect(lives).toHaveLength(2);
  });
});

describe('stopped', () => {
  test('while it starts, what comes of that is no news', async () => {
    const { keeper, timers, lives, ends } = kept({
      start: () => Promise.reject(new Error('too late')),
    });
    keeper.stop();
    await settle();
    expect([lives[0]!.isCurrent(), ends, timers.waiting()]).toEqual([false, [], 0]);
  });

  test('while it runs, its end is no news', () => {
    const { keeper, timers, ends, end } = kept();
    keeper.stop();
    end();
    expect([ends, timers.waiting()]).toEqual([[], 0]);
  });

  test('while it waits, nothing is begun', () => {
    const { keeper, timers, lives, end } = kept();
    end();
    keeper.stop();
    timers.pass(100_000);
    expect(lives).toHaveLength(1);
  });

  test('given up, it stays so', () => {
    const { keeper, timers, lives, end } = kept({ giveUpAfter: 1 });
    end();
    keeper.stop();
    keeper.restart();
    timers.pass(100_000);
    expect(lives).toHaveLength(1);
  });
});

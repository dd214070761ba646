import { expect, test, vi } from 'vitest';
import { createStopStack } from './stop-stack.ts';

test('what was started last is stopped first, each after the one before', async () => {
  const order: string[] = [];
  const stack = createStopStack(() => undefined);
  stack.push('first', () => order.push('first'));
  stack.push('second', async () => {
    order.push('second begins');
    await Promise.resolve();
    order.push('second ends');
  });
  await stack.stopAll();
  expect(order).toEqual(['second begins', 'second ends', 'first']);
});

test('one that throws or rejects hinders none of the others, and is named', async () => {
  const failed = vi.fn();
  const stopped = vi.fn();
  const stack = createStopStack(failed);
  stack.push('ledger', stopped);
  stack.push('rejects', () => Promise.reject(new Error('no')));
  stack.push('throws', () => {
    throw new Error('no');
  });
  await stack.stopAll();
  expect(stopped).toHaveBeenCalledTimes(1);
  expect(failed.mock.calls.map(([what]) => what as string)).toEqual(['throws', 'rejects']);
});

test('stopping twice stops once, and both wait for its end', async () => {
  let free: () => void = () => undefined;
  const stop = vi.fn(() => new Promise<void>((resolve) => (free = resolve)));
  const stack = createStopStack(() => undefined);
  stack.push('slow', stop);
  const ended: string[] = [];
  const both = [stack.stopAll(), stack.stopAll()].map((each, at) =>
    each.then(() => ended.push(String(at))),
  );
  expect([stop.mock.calls.length, ended]).toEqual([1, []]);
  free();
  await Promise.all(both);
  expect(ended).toHaveLength(2);
});

test('what comes up while all goes down is stopped too', async () => {
  const late = vi.fn();
  const stack = createStopStack(() => undefined);
  const all = stack.stopAll();
  stack.push('late', late);
  await all;
  await stack.stopAll();
  expect(late).toHaveBeenCalledTimes(1);
});

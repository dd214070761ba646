import { expect, test } from 'vitest';

import { createSemaphore } from './semaphore.ts';

const full = (): Error => new Error('full');

test('lets so many in, has the others wait in order, and refuses the rest', async () => {
  const enter = createSemaphore({ running: 1, waiting: 2 }, full);
  const done: string[] = [];
  let open = (): void => undefined;
  const opening = new Promise<void>((resolve) => {
    open = resolve;
  });
  const task = (name: string) => async () => {
    await opening;
    done.push(name);
  };
  const inside = [enter(task('a')), enter(task('b')), enter(task('c'))];
  await expect(enter(task('d'))).rejects.toThrow('full');
  open();
  await Promise.all(inside);
  expect(done).toEqual(['a', 'b', 'c']);
});

test('who waits no longer gives its place up, and is never begun', async () => {
  const enter = createSemaphore({ running: 1, waiting: 1 }, full);
  const done: string[] = [];
  let open = (): void => undefined;
  const inside = enter(() => new Promise<void>((resolve) => (open = resolve)));
  const patience = new AbortController();
  const gone = enter(async () => void done.push('gone'), patience.signal);
  patience.abort(new Error('hung up'));
  await expect(gone).rejects.toThrow('hung up');
  expect(enter.waiting()).toBe(0);
  const next = enter(async () => void done.push('next'));
  await expect(enter(async () => undefined, patience.signal)).rejects.toThrow('hung up');
  open();
  await Promise.all([inside, next]);
  expect(done).toEqual(['next']);
});

test('a signal that aborts in the midst of a task changes nothing', async () => {
  const enter = createSemaphore({ running: 1, waiting: 1 }, full);
  const patience = new AbortController();
  let open = (): void => undefined;
  const inside = enter(() => new Promise<void>((resolve) => (open = resolve)), patience.signal);
  const next = enter(async () => 'next', new AbortController().signal);
  patience.abort();
  expect(enter.waiting()).toBe(1);
  open();
  await inside;
  await expect(next).resolves.toBe('next');
});

test('a task that fails makes room as well', async () => {
  const enter = createSemaphore({ running: 1, waiting: 0 }, full);
  await expect(enter(async () => Promise.reject(new Error('bad')))).rejects.toThrow('bad');
  await expect(enter(async () => 'next')).resolves.toBe('next');
});

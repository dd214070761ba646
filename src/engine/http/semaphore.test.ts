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

test('a task that fails makes room as well', async () => {
  const enter = createSemaphore({ running: 1, waiting: 0 }, full);
  await expect(enter(async () => Promise.reject(new Error('bad')))).rejects.toThrow('bad');
  await expect(enter(async () => 'next')).resolves.toBe('next');
});

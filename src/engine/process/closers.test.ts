import { expect, test } from 'vitest';

import { closeAll } from './closers.ts';

const failing = (message: string) => async (): Promise<void> => {
  throw new Error(message);
};

test('closes in the opposite order, each when the one before it is closed', async () => {
  const closed: string[] = [];
  const closers = [
    () => void closed.push('store'),
    async () => {
      await Promise.resolve();
      closed.push('threads');
    },
  ];
  await closeAll(closers);
  expect(closed).toEqual(['threads', 'store']);
  expect(closers).toEqual([]);
});

test('one that throws keeps none of the others open, and is told', async () => {
  const closed: string[] = [];
  const closing = closeAll([() => void closed.push('lock'), failing('The disk is full.')]);
  await expect(closing).rejects.toThrow(/^The disk is full\.$/);
  expect(closed).toEqual(['lock']);
});

test('of several that throw all are told', async () => {
  const closing = closeAll([
    () => {
      throw new Error('The store is broken.');
    },
    failing('The disk is full.'),
  ]);
  await expect(closing).rejects.toThrow(/The disk is full\. The store is broken\./);
});

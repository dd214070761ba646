import { expect, test } from 'vitest';

import { disposeAll } from './disposables.ts';

const failing = (message: string) => async (): Promise<void> => {
  throw new Error(message);
};

test('closes in the opposite order, each when the one before it is closed', async () => {
  const closed: string[] = [];
  const disposables = [
    () => void closed.push('store'),
    async () => {
      await Promise.resolve();
      closed.push('threads');
    },
  ];
  await disposeAll(disposables);
  expect(closed).toEqual(['threads', 'store']);
  expect(disposables).toEqual([]);
});

test('one that throws keeps none of the others open, and is told', async () => {
  const closed: string[] = [];
  const closing = disposeAll([() => void closed.push('lock'), failing('The disk is full.')]);
  await expect(closing).rejects.toThrow(/^The disk is full\.$/);
  expect(closed).toEqual(['lock']);
});

test('of several that throw all are told', async () => {
  const closing = disposeAll([
    () => {
      throw new Error('The store is broken.');
    },
    failing('The disk is full.'),
  ]);
  await expect(closing).rejects.toThrow(/The disk is full\. The store is broken\./);
});

import { expect, test } from 'vitest';

import { photoName } from './photo-files.ts';
import { createPhotoLease } from './photo-lease.ts';

const photo = Buffer.from('photo');
const name = photoName(photo);

/** Files and rows in memory; a removal ends when it is told to. */
function shelf() {
  const files = new Set<string>();
  const rows = new Set<string>();
  const waiting: (() => void)[] = [];
  const lease = createPhotoLease(
    {
      keep: async (bytes) => {
        files.add(photoName(bytes));
        return photoName(bytes);
      },
      read: async () => photo,
      remove: async (gone) => {
        await new Promise<void>((resolve) => waiting.push(resolve));
        files.delete(gone);
      },
    },
    { isUsed: (each) => rows.has(each), forget: () => undefined },
  );
  return { files, rows, lease, endRemovals: () => waiting.splice(0).forEach((end) => end()) };
}

test('what is about to be referred to is not removed as unused', async () => {
  const { files, rows, lease, endRemovals } = shelf();
  await lease.keeping(async (keep) => {
    await keep(photo);
    const dropped = lease.dropUnused([name]);
    endRemovals();
    await dropped;
    rows.add(name);
  });
  expect([...files]).toEqual([name]);
});

test('what is being removed is written anew after that', async () => {
  const { files, rows, lease, endRemovals } = shelf();
  files.add(name);
  const dropped = lease.dropUnused([name]);
  const kept = lease.keeping(async (keep) => {
    rows.add(await keep(photo));
  });
  endRemovals();
  await Promise.all([dropped, kept]);
  expect([...files]).toEqual([name]);
});

test('what was not referred to in the end goes, and the failure is told', async () => {
  const { files, lease, endRemovals } = shelf();
  const failed = lease.keeping(async (keep) => {
    await keep(photo);
    queueMicrotask(() => setImmediate(endRemovals));
    throw new Error('no room');
  });
  await expect(failed).rejects.toThrow('no room');
  expect([...files]).toEqual([]);
});

test('of two that keep the same photo the first to end does not take it from the other', async () => {
  const { files, rows, lease, endRemovals } = shelf();
  await lease.keeping(async (keep) => {
    await keep(photo);
    const other = lease.keeping(async (keepToo) => keepToo(photo));
    endRemovals();
    await other;
    rows.add(name);
  });
  expect([...files]).toEqual([name]);
});

import { expect, test } from 'vitest';

import { temporaryFolder } from '../testing/temporary-folder.ts';
import { lockDataFolder } from './data-lock.ts';

test('a folder has one engine at a time, and the second is told whose it is', async () => {
  const folder = temporaryFolder();
  const release = await lockDataFolder(folder);
  await expect(lockDataFolder(folder, 0)).rejects.toThrow(
    `${folder} is in use by another engine, process ${process.pid}.`,
  );
  release();
  (await lockDataFolder(folder, 0))();
});

test('the second gets the folder when the first is on its way out', async () => {
  const folder = temporaryFolder();
  const release = await lockDataFolder(folder);
  const second = lockDataFolder(folder, 5_000);
  release();
  (await second)();
});

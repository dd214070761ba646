import { expect, test } from 'vitest';

import { temporaryFolder } from '../testing/temporary-folder.ts';
import { lockDataFolder, tryLockDataFolder } from './data-lock.ts';

test.each([
  ['engine', 'an engine'],
  ['import', 'the command import'],
] as const)('a folder of %s is refused to others, naming %s', async (user, name) => {
  const folder = temporaryFolder();
  const release = await lockDataFolder(folder, user);
  await expect(lockDataFolder(folder, 'train', 0)).rejects.toThrow(
    `${folder} is in use by ${name}, process ${process.pid}, and only one may write to it.`,
  );
  expect(tryLockDataFolder(folder, 'export')).toBeUndefined();
  release();
  (await lockDataFolder(folder, 'train', 0))();
});

test('the second gets the folder when the first is on its way out', async () => {
  const folder = temporaryFolder();
  const release = await lockDataFolder(folder, 'engine');
  const second = lockDataFolder(folder, 'engine', 60_000);
  release();
  (await second)();
});

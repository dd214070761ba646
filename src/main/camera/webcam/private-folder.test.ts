import { existsSync, statSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { candidateFolders, isPlainPath, makePrivateFolder } from './private-folder.ts';

let parent: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'freshlane-folder-'));
});
afterEach(() => rm(parent, { recursive: true }));

test('the folder is new and for this user alone', async () => {
  const first = await makePrivateFolder([parent]);
  const second = await makePrivateFolder([parent]);
  expect(first).not.toBe(second);
  expect(statSync(first).mode & 0o777).toBe(0o700);
  expect(isPlainPath(first)).toBe(true);
});

test('folders that are missing or whose path would be misread are passed over', async () => {
  const spaced = join(parent, 'a b');
  const dated = join(parent, '%Y');
  await mkdir(spaced);
  await mkdir(dated);
  const made = await makePrivateFolder(['', '/nonexistent', spaced, dated, parent]);
  expect(made.startsWith(join(parent, 'freshlane-webcam-'))).toBe(true);
  await expect(makePrivateFolder([spaced])).rejects.toThrow('No folder');
});

test('what a killed process left behind is taken away, and nothing else', async () => {
  const dead = spawnSync(process.execPath, ['-e', '']).pid;
  const abandoned = join(parent, `freshlane-webcam-${dead}-abc`);
  const ours = join(parent, `freshlane-webcam-${process.pid}-abc`);
  const other = join(parent, 'freshlane-webcam-notes');
  for (const path of [abandoned, ours, other]) await mkdir(path);
  await writeFile(join(abandoned, 'a.jpg'), 'x');
  await makePrivateFolder([parent]);
  expect([abandoned, ours, other].map((path) => existsSync(path))).toEqual([false, true, true]);
});

test('memory comes before disk', () => {
  expect(candidateFolders({ XDG_RUNTIME_DIR: '/run/user/7' })).toEqual([
    '/dev/shm',
    '/run/user/7',
    tmpdir(),
  ]);
});

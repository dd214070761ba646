import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { transformWithOxc } from 'vite';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { openLogFile } from './log-file.ts';
import type { LogFile, LogFileOptions } from './log-file.ts';

/** The last part of a path that cannot be renamed, as one that another program holds open. */
const held = vi.hoisted(() => ({ name: '' }));

vi.mock(import('node:fs/promises'), async (original) => {
  const real = await original();
  return {
    ...real,
    rename: async (from, to) => {
      if (held.name !== '' && String(from).endsWith(held.name)) throw new Error('EPERM: held');
      return real.rename(from, to);
    },
  };
});

let folder: string;
let path: string;
let troubles: unknown[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'freshlane-log-'));
  path = join(folder, 'logs', 'kiosk.log');
  troubles = [];
  held.name = '';
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function open(options: Partial<LogFileOptions> = {}): LogFile {
  return openLogFile(path, {
    onTrouble: (error) => troubles.push(error),
    lostLine: (count) => `lost ${count}\n`,
    ...options,
  });
}

const linesIn = (file: string): string[] => readFileSync(file, 'utf8').split('\n').filter(Boolean);

test('lines are in the file, in their order, after a stop; its owner alone may read it', async () => {
  const file = open();
  const lines = Array.from({ length: 1_000 }, (_, number) => `line ${number}`);
  for (const line of lines) file.write(`${line}\n`);
  // Another thread writes: nobody waited for a disk.
  expect(existsSync(path)).toBe(false);
  await file.close();
  expect(linesIn(path)).toEqual(lines);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(troubles).toEqual([]);
});

test('a full file makes way, and the oldest goes', async () => {
  const file = open({ bytes: 4, files: 3 });
  for (let number = 0; number < 9; number += 1) file.write(`${number}\n`);
  await file.close();
  expect(readdirSync(dirname(path)).toSorted()).toEqual([
    'kiosk.log',
    'kiosk.log.1',
    'kiosk.log.2',
  ]);
  expect([path, `${path}.1`, `${path}.2`].map(linesIn)).toEqual([['8'], ['6', '7'], ['4', '5']]);
});

/** One line a file, `1` in the oldest; then `held.name` cannot be renamed. */
async function openFull(name: string): Promise<LogFile> {
  const file = open({ bytes: 3, files: 4 });
  for (const line of ['1\n', '2\n', '3\n', '4\n']) file.write(line);
  await file.close();
  held.name = name;
  return file;
}

const contents = (): Record<string, string[]> =>
  Object.fromEntries(
    readdirSync(dirname(path))
      .toSorted()
      .map((name) => [name, linesIn(join(dirname(path), name))]),
  );

test('a full file that cannot step aside grows on, and those before it stay', async () => {
  const file = await openFull('kiosk.log');
  file.write('5\n');
  await file.close();
  const older = { 'kiosk.log.1': ['3'], 'kiosk.log.2': ['2'], 'kiosk.log.3': ['1'] };
  expect(contents()).toEqual({ 'kiosk.log': ['4', '5'], ...older });
  expect(troubles).toHaveLength(1);
  held.name = '';
  file.write('6\n');
  await file.close();
  expect(contents()).toEqual({
    'kiosk.log': ['6'],
    'kiosk.log.1': ['4', '5'],
    'kiosk.log.2': ['3'],
    'kiosk.log.3': ['2'],
  });
  expect(troubles).toHaveLength(1);
});

test('a rotation that breaks off halfway deletes no more, however often it is tried', async () => {
  const file = await openFull('kiosk.log.1');
  for (const line of ['5\n', '6\n', '7\n']) file.write(line);
  await file.close();
  expect(contents()).toEqual({
    'kiosk.log': ['5', '6', '7'],
    'kiosk.log.0': ['4'],
    'kiosk.log.1': ['3'],
    'kiosk.log.3': ['2'],
  });
  held.name = '';
  file.write('8\n');
  await file.close();
  expect(contents()).toEqual({
    'kiosk.log': ['8'],
    'kiosk.log.1': ['5', '6', '7'],
    'kiosk.log.2': ['4'],
    'kiosk.log.3': ['3'],
  });
});

test('by itself it keeps five files of 10 MB', async () => {
  const file = open();
  const line = `${'x'.repeat(512 * 1024 - 1)}\n`;
  for (let number = 0; number < 121; number += 1) {
    file.write(line);
    // oxlint-disable-next-line no-await-in-loop -- no more waits than it takes.
    await file.close();
  }
  const megabytes = readdirSync(dirname(path))
    .toSorted()
    .map((name) => [name, statSync(join(dirname(path), name)).size / 1024 / 1024]);
  expect(megabytes).toEqual([
    ['kiosk.log', 0.5],
    ['kiosk.log.1', 10],
    ['kiosk.log.2', 10],
    ['kiosk.log.3', 10],
    ['kiosk.log.4', 10],
  ]);
});

test('a line that is larger than a file has one of its own, whole', async () => {
  const file = open({ bytes: 4, files: 3 });
  for (const line of ['1\n', 'a long one\n', '2\n']) file.write(line);
  await file.close();
  expect([path, `${path}.1`, `${path}.2`].map(linesIn)).toEqual([['2'], ['a long one'], ['1']]);
});

test('a file of an earlier start counts towards the size', async () => {
  const first = open({ bytes: 3, files: 2 });
  first.write('1\n');
  await first.close();
  const second = open({ bytes: 3, files: 2 });
  second.write('2\n');
  await second.close();
  expect([path, `${path}.1`].map(linesIn)).toEqual([['2'], ['1']]);
});

test('a path that cannot be written is told once, and stops nothing', async () => {
  writeFileSync(dirname(path), 'no folder');
  const file = open();
  for (let number = 0; number < 3; number += 1) {
    file.write(`${number}\n`);
    // oxlint-disable-next-line no-await-in-loop -- each try is one of its own.
    await file.close();
  }
  file.write('3\n');
  file.writeRest();
  expect(troubles).toHaveLength(1);
});

test.skipIf(!existsSync('/dev/full'))(
  'a full disk is told once; when it has room again, the log goes on, each line on its own',
  async () => {
    mkdirSync(dirname(path));
    symlinkSync('/dev/full', path);
    const file = open();
    file.write('1\n');
    await file.close();
    file.write('2\n');
    await file.close();
    expect(troubles).toMatchObject([{ code: 'ENOSPC' }]);
    unlinkSync(path);
    writeFileSync(path, 'half of a li');
    file.write('3\n');
    file.write('4\n');
    await file.close();
    // What told of the first was lost as well, but not the count.
    expect(linesIn(path)).toEqual(['half of a li', 'lost 2', '3', '4']);
    expect(troubles).toHaveLength(1);
    unlinkSync(path);
    symlinkSync('/dev/full', path);
    file.write('5\n');
    await file.close();
    expect(troubles).toHaveLength(2);
  },
);

test('a disk that does not answer fills no memory', () => {
  const file = open();
  const line = `${'x'.repeat(1023)}\n`;
  for (let number = 0; number < 5_000; number += 1) file.write(line);
  file.writeRest();
  expect(linesIn(path)).toEqual([
    ...Array.from({ length: 1024 }, () => 'x'.repeat(1023)),
    'lost 3976',
  ]);
});

test('what was lost meanwhile is told before the next line', async () => {
  const file = open();
  const line = `${'x'.repeat(1023)}\n`;
  for (let number = 0; number < 1_030; number += 1) file.write(line);
  await file.close();
  file.write('next\n');
  file.write('last\n');
  await file.close();
  expect(linesIn(path).slice(1023)).toEqual([line.trim(), 'lost 6', 'next', 'last']);
});

test.each([
  ['that throws', 'setImmediate(() => { throw new Error("boom"); });'],
  ['that exits', 'process.exit(3);'],
])('the last lines of a process %s are there', async (_, end) => {
  const source = join(import.meta.dirname, 'log-file.ts');
  const { code } = await transformWithOxc(readFileSync(source, 'utf8'), source);
  const program = `${code}
    const file = openLogFile(${JSON.stringify(path)}, { onTrouble() {}, lostLine: String });
    for (let number = 0; number < 100; number += 1) file.write(number + '\\n');
    ${end}
  `;
  spawnSync(process.execPath, ['--input-type=module', '-e', program]);
  expect(linesIn(path).slice(-100)).toEqual(
    Array.from({ length: 100 }, (_, number) => `${number}`),
  );
});

import {
  lstatSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { unzip } from './unzip.mjs';

/** @type {string} */
let dir;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'freshlane-unzip-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** @typedef {{ name: string, text?: string, mode?: number, stored?: boolean }} File */

/**
 * Writes a zip archive as APPNOTE.TXT 4.3 describes it.
 * @param {readonly File[]} files
 * @returns {string} its path
 */
function zip(files) {
  const locals = [];
  const directory = [];
  let offset = 0;
  for (const { name, text = '', mode = 0o100644, stored = false } of files) {
    const data = stored ? Buffer.from(text) : deflateRawSync(text);
    const sizes = Buffer.alloc(20);
    sizes.writeUInt16LE(stored ? 0 : 8, 0);
    sizes.writeUInt32LE(data.length, 10);
    sizes.writeUInt32LE(Buffer.byteLength(text), 14);
    sizes.writeUInt16LE(Buffer.byteLength(name), 18);
    const local = Buffer.concat([
      Buffer.from('504b030414000000', 'hex'),
      sizes,
      Buffer.alloc(2),
      Buffer.from(name),
      data,
    ]);
    const rest = Buffer.alloc(16);
    rest.writeUInt32LE(mode * 0x10000, 8);
    rest.writeUInt32LE(offset, 12);
    directory.push(Buffer.from('504b01021e0314000000', 'hex'), sizes, rest, Buffer.from(name));
    locals.push(local);
    offset += local.length;
  }
  const middle = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(middle.length, 12);
  end.writeUInt32LE(offset, 16);
  const file = path.join(dir, 'archive.zip');
  writeFileSync(file, Buffer.concat([...locals, middle, end]));
  return file;
}

const into = () => path.join(dir, 'into');
/** @param {string} name */
const read = (name) => readFileSync(path.join(into(), name), 'utf8');

test('unpacks deflated, stored and empty files with their modes', async () => {
  const archive = zip([
    { name: 'deep/', mode: 0o40755 },
    { name: 'deep/long.txt', text: 'word '.repeat(50_000) },
    { name: 'stored.txt', text: 'as it is', stored: true },
    { name: 'empty.txt' },
    { name: 'program', text: 'run', mode: 0o100755 },
  ]);
  expect(await unzip(archive, into())).toBe(4);
  expect(read('deep/long.txt')).toBe('word '.repeat(50_000));
  expect(read('stored.txt')).toBe('as it is');
  expect(read('empty.txt')).toBe('');
  expect(statSync(path.join(into(), 'program')).mode & 0o111).toBe(0o111);
});

test('makes symbolic links', async () => {
  const archive = zip([{ name: 'link', text: 'target.txt', mode: 0o120777 }]);
  await unzip(archive, into());
  expect(lstatSync(path.join(into(), 'link')).isSymbolicLink()).toBe(true);
});

test('places and leaves out as told', async () => {
  const archive = zip([
    { name: 'App/app', text: 'a' },
    { name: 'App/resources/x', text: 'b' },
  ]);
  await unzip(archive, into(), (name) => (name === 'App/app' ? 'electron' : undefined));
  expect(readdirSync(into())).toEqual(['electron']);
});

test('refuses an entry that leaves the folder', async () => {
  const archive = zip([{ name: '../outside', text: 'x' }]);
  await expect(unzip(archive, into())).rejects.toThrow('outside its folder');
  expect(readdirSync(dir)).toEqual(['archive.zip']);
});

test('refuses a truncated archive', async () => {
  const archive = zip([{ name: 'a', text: 'text' }]);
  writeFileSync(archive, readFileSync(archive).subarray(0, -10));
  await expect(unzip(archive, into())).rejects.toThrow('not a zip archive');
});

test('refuses what is no archive', async () => {
  writeFileSync(path.join(dir, 'page.zip'), '<html>Please log in</html>');
  await expect(unzip(path.join(dir, 'page.zip'), into())).rejects.toThrow('not a zip archive');
});

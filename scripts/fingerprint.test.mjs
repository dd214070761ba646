import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fingerprint, isStamped, stamp } from './fingerprint.mjs';

/** @type {string} */
let dir;
const longAgo = new Date('2020-01-01T00:00:00Z');

beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'freshlane-fingerprint-'));
  mkdirSync(path.join(dir, 'src', 'deep'), { recursive: true });
  put('src/a.ts', 'one');
  put('src/deep/b.ts', 'two');
});

afterEach(() => rmSync(dir, { recursive: true, force: true }));

/**
 * @param {string} file
 * @param {string} text
 * @param {Date} [writtenAt]
 */
function put(file, text, writtenAt = longAgo) {
  writeFileSync(path.join(dir, file), text);
  utimesSync(path.join(dir, file), writtenAt, writtenAt);
}

const ofAll = () => fingerprint(['src', 'package-lock.json'], dir);

test('stays while no file changes', () => {
  const before = ofAll();
  put('src/a.ts', 'one');
  expect(ofAll()).toBe(before);
});

const changes = {
  'a file is longer': () => put('src/a.ts', 'one more'),
  'a file was written again': () => put('src/a.ts', 'One', new Date('2020-01-02T00:00:00Z')),
  'a file joins deep inside': () => put('src/deep/c.ts', ''),
  'a file leaves': () => rmSync(path.join(dir, 'src', 'deep', 'b.ts')),
  'a file that was missing appears': () => put('package-lock.json', '{}'),
};

test.each(Object.entries(changes))('changes when %s', (_, change) => {
  const before = ofAll();
  change();
  expect(ofAll()).not.toBe(before);
});

test('does not care about tests, which no build reads', () => {
  const before = ofAll();
  put('src/a.test.ts', 'a test');
  expect(ofAll()).toBe(before);
});

test('a stamp holds for its own mark alone', () => {
  const stampFile = path.join(dir, 'out', '.stamp');
  expect(isStamped(stampFile, 'mark')).toBe(false);
  stamp(stampFile, 'mark');
  expect(isStamped(stampFile, 'mark')).toBe(true);
  expect(isStamped(stampFile, 'another')).toBe(false);
});

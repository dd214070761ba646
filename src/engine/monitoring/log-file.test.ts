import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { createLogFile, logLine } from './log-file.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';

const now = () => new Date(0);

test('an event is one line of JSON, whatever its text holds', () => {
  const line = logLine({ level: 'warn', event: 'seen', text: 'two\nlines "quoted"' }, now());
  expect(line).toBe(
    '{"time":"1970-01-01T00:00:00.000Z","level":"warn","event":"seen","text":"two\\nlines \\"quoted\\""}\n',
  );
});

test('a full file makes way, and the oldest goes', () => {
  const folder = temporaryFolder();
  const path = join(folder, 'engine.log');
  const event = (number: number) => ({ level: 'info', event: 'counted', number }) as const;
  const lineBytes = logLine(event(0), now()).length;
  const write = createLogFile(path, { bytes: lineBytes * 2, older: 2, now });
  for (let number = 0; number < 9; number += 1) write(event(number));
  const numbers = (name: string): unknown[] =>
    readFileSync(join(folder, name), 'utf8')
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { number: unknown }).number);
  expect(readdirSync(folder).toSorted()).toEqual(['engine.log', 'engine.log.1', 'engine.log.2']);
  expect(['engine.log', 'engine.log.1', 'engine.log.2'].map(numbers)).toEqual([
    [8],
    [6, 7],
    [4, 5],
  ]);
});

test('a file of an earlier start counts towards the size', () => {
  const folder = temporaryFolder();
  const path = join(folder, 'engine.log');
  const event = { level: 'info', event: 'started' } as const;
  const options = { bytes: logLine(event, now()).length + 1, older: 1, now };
  createLogFile(path, options)(event);
  createLogFile(path, options)(event);
  expect(readdirSync(folder).toSorted()).toEqual(['engine.log', 'engine.log.1']);
});

test('a path that cannot be written is told at once', () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'engine.log'));
  expect(() => createLogFile(join(folder, 'engine.log'), { bytes: 9, older: 1 })).toThrow(/EISDIR/);
});

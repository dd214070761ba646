import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';

import { expect, onTestFinished, test } from 'vitest';

import { createProcessLog, printerTo } from './process-log.ts';

test('what nobody reads fills no memory; when it is read again, the lost lines are counted', () => {
  const written: string[] = [];
  const unread: (() => void)[] = [];
  const stream = new Writable({
    decodeStrings: false,
    write: (line: string, _encoding, done) => {
      written.push(line);
      unread.push(done);
    },
  });
  const print = printerTo(stream);
  const line = `${'x'.repeat(1023)}\n`;
  for (let number = 0; number < 5_000; number += 1) print(line);
  expect(stream.writableLength).toBeLessThanOrEqual(1024 * 1025);
  while (stream.writableLength > 0) unread.shift()?.();
  print('next\n');
  while (stream.writableLength > 0) unread.shift()?.();
  expect(written.slice(0, -2)).toEqual(Array.from({ length: 1025 }, () => line));
  expect(JSON.parse(written.at(-2) ?? '')).toMatchObject({
    ...{ level: 'warn', event: 'log-lines-lost', count: 3975 },
  });
  expect(written.at(-1)).toBe('next\n');
});

test('the last event is in the file at once, however much waits, and none comes behind it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'freshlane-log-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const printed: string[] = [];
  const log = createProcessLog({ print: (line) => printed.push(line) });
  log.toFile(join(folder, 'kiosk.log'));
  const text = 'x'.repeat(1023);
  for (let number = 0; number < 1_500; number += 1)
    log.write({ level: 'info', event: 'seen', text });
  log.end({ level: 'error', event: 'ended', error: new Error('The window crashed.') });
  const lines = (): unknown[] =>
    readFileSync(join(folder, 'kiosk.log'), 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as unknown);
  const error: unknown = expect.stringContaining('Error: The window crashed.\n');
  const [lost, last] = lines().slice(-2);
  expect(lost).toMatchObject({ event: 'log-lines-lost' });
  expect(last).toMatchObject({ event: 'ended', error });
  const before = lines().length;
  log.write({ level: 'info', event: 'stopped' });
  expect(lines()).toHaveLength(before);
  expect(printed).toHaveLength(1_501);
  await log.close();
});

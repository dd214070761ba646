import { Writable } from 'node:stream';

import { expect, test } from 'vitest';

import { printerTo } from './process-log.ts';

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

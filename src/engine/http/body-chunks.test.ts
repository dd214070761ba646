import { PassThrough } from 'node:stream';

import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { limits } from '../domain/limits.ts';
import { bodyChunks } from './body-chunks.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

async function read(body: PassThrough): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of bodyChunks(body, 100_000)) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

test('a body that stands still is cut off after the grace', async () => {
  const body = new PassThrough();
  const refused = expect(read(body)).rejects.toMatchObject({ status: 408 });
  body.write('some');
  await vi.advanceTimersByTimeAsync(limits.bodyGraceMs - 1);
  expect(body.destroyed).toBe(false);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(body.destroyed).toBe(true);
  await refused;
});

test('a body that keeps its pace may take as long as it needs', async () => {
  const body = new PassThrough();
  const whole = read(body);
  for (let seconds = 0; seconds < 60; seconds += 10) {
    body.write('x'.repeat(limits.bodyBytesPerSecond));
    await vi.advanceTimersByTimeAsync(2_000);
  }
  body.end();
  expect((await whole).length).toBe(6 * limits.bodyBytesPerSecond);
});

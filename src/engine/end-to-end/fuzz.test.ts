import { expect, test } from 'vitest';

import { fuzzEngine } from '../testing/fuzz.ts';

test('malformed requests are refused, one and all, and the engine stays well', async () => {
  const { answers, faults, healthAfter } = await fuzzEngine(300, 1_928);
  expect(faults).toEqual([]);
  expect(healthAfter).toMatchObject({ status: 'ok' });
  // Some of each kind got far enough to be refused by what they are.
  for (const kind of ['picture 400', 'multipart 400', 'json 400', 'path 404', 'headers 400']) {
    expect([...answers.keys()]).toContain(kind);
  }
}, 240_000);

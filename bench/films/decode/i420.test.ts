import { expect, test } from 'vitest';
import { isNeutral, planesOfI420, repackAsI420 } from './i420.ts';

/** 3×2 pixels, so that half a pixel's colours lie outside. */
const luma = [10, 20, 30, 40, 50, 60];

test.each([
  { format: 'I420', colours: [100, 110, 200, 210] },
  { format: 'I420A', colours: [100, 110, 200, 210, 255, 255, 255, 255, 255, 255] },
  { format: 'NV12', colours: [100, 200, 110, 210] },
  { format: 'I422', colours: [98, 109, 102, 111, 199, 208, 201, 212] },
  {
    format: 'I444',
    colours: [98, 99, 109, 101, 102, 111, 199, 199, 208, 201, 201, 212],
  },
])('$format becomes I420', ({ format, colours }) => {
  const picture = repackAsI420(Uint8Array.from([...luma, ...colours]), format, 3, 2);
  const planes = planesOfI420(picture, 3, 2);
  expect([...planes.luma]).toEqual(luma);
  expect([...planes.cb]).toEqual([100, 110]);
  expect([...planes.cr]).toEqual([200, 210]);
});

test.each(['I420P10', 'RGBA', null])('%s is refused', (format) => {
  expect(() => repackAsI420(new Uint8Array(100), format, 3, 2)).toThrow(format ?? 'unknown');
});

test('a picture is grey where all its colours are neutral', () => {
  const grey = Uint8Array.from([...luma, 128, 128, 128, 128]);
  expect(isNeutral(grey, 3, 2)).toBe(true);
  expect(isNeutral(grey.with(7, 127), 3, 2)).toBe(false);
});

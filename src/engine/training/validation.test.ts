import { expect, test } from 'vitest';

import { decodeHeldOut, encodeHeldOut } from './validation.ts';

test('what was held out is kept as it was', () => {
  const heldOut = { fold: 2, probabilities: [0.25, 0.5, 0] };
  const shifted = Buffer.concat([Buffer.from('x'), encodeHeldOut(heldOut)]).subarray(1);
  expect(decodeHeldOut(shifted, 3)).toEqual(heldOut);
});

test('bytes of other tags say nothing', () => {
  expect(decodeHeldOut(encodeHeldOut({ fold: 0, probabilities: [1, 0] }), 3)).toBeUndefined();
});

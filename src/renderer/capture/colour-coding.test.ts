import { expect, test } from 'vitest';
import { codingOf } from './colour-coding.ts';

test.each([
  ['smpte170m', false, 'bt601', false],
  ['bt470bg', true, 'bt601', true],
  ['bt709', false, 'bt709', false],
  ['bt2020-ncl', false, 'bt2020', false],
  [null, null, 'bt601', true],
] as const)('matrix %s, full range %s', (matrix, fullRange, coded, full) => {
  // TypeScript's list of matrices is older than the standard's.
  const said = { matrix, fullRange } as Parameters<typeof codingOf>[0];
  expect(codingOf(said)).toEqual({ matrix: coded, fullRange: full });
});

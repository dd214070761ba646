import { expect, test } from 'vitest';
import {
  closingLine,
  resultOfCheck,
  resultOfPlaywright,
  resultOfVitest,
  sumOf,
} from './test-report.mjs';

const green = { status: 0, output: '' };
const red = { status: 1, output: 'why' };

const VITEST = { numPassedTests: 40, numFailedTests: 2, numPendingTests: 1, numTodoTests: 0 };
const PLAYWRIGHT = { stats: { expected: 5, unexpected: 1, flaky: 1, skipped: 2 } };

test('the closing line sums checks and both runners', () => {
  const results = [
    resultOfCheck('lint', green),
    resultOfCheck('types', red),
    resultOfVitest('unit', red, VITEST),
    resultOfPlaywright('e2e', red, PLAYWRIGHT),
  ];
  expect(closingLine(results)).toBe('46 passed, 5 failed, 3 skipped');
});

test('the closing line leaves out what is not there', () => {
  expect(closingLine([resultOfCheck('lint', green)])).toBe('1 passed, 0 failed');
});

test.each([
  ['vitest', resultOfVitest],
  ['Playwright', resultOfPlaywright],
])('a %s that ended without a report has failed', (_, resultOf) => {
  expect(sumOf([resultOf('tests', red, undefined)])).toEqual({ passed: 0, failed: 1, skipped: 0 });
});

test('a runner that fails though each test passed has failed', () => {
  const unhandled = { numPassedTests: 3, numFailedTests: 0 };
  expect(resultOfVitest('unit', red, unhandled)).toMatchObject({ passed: 3, failed: 1 });
});

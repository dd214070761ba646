/**
 * What one part of the test run came to. `output` is shown where something failed.
 * @typedef {{ title: string, passed: number, failed: number, skipped: number, output: string }} PartResult
 */

/**
 * A check that passes or fails as one.
 * @param {string} title
 * @param {{ status: number, output: string }} run
 * @returns {PartResult}
 */
export function resultOfCheck(title, { status, output }) {
  const passed = status === 0;
  return { title, passed: passed ? 1 : 0, failed: passed ? 0 : 1, skipped: 0, output };
}

/**
 * @param {string} title
 * @param {{ status: number, output: string }} run
 * @param {Record<string, unknown> | undefined} report vitest's JSON; undefined when it wrote none
 * @returns {PartResult}
 */
export function resultOfVitest(title, run, report) {
  const counts = {
    passed: numberIn(report, 'numPassedTests'),
    failed: numberIn(report, 'numFailedTests'),
    skipped: numberIn(report, 'numPendingTests') + numberIn(report, 'numTodoTests'),
  };
  return { title, ...atLeastOneFailed(run.status, counts), output: run.output };
}

/**
 * @param {string} title
 * @param {{ status: number, output: string }} run
 * @param {Record<string, unknown> | undefined} report Playwright's JSON; undefined when it wrote none
 * @returns {PartResult}
 */
export function resultOfPlaywright(title, run, report) {
  const stats = /** @type {Record<string, unknown> | undefined} */ (report?.['stats']);
  const counts = {
    passed: numberIn(stats, 'expected'),
    // Passed at a second try is not passed: what is flaky gets mended.
    failed: numberIn(stats, 'unexpected') + numberIn(stats, 'flaky'),
    skipped: numberIn(stats, 'skipped'),
  };
  return { title, ...atLeastOneFailed(run.status, counts), output: run.output };
}

/**
 * The closing line: nothing but the three sums.
 * @param {readonly PartResult[]} results
 */
export function closingLine(results) {
  const { passed, failed, skipped } = sumOf(results);
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/** @param {readonly PartResult[]} results */
export function sumOf(results) {
  const sum = { passed: 0, failed: 0, skipped: 0 };
  for (const { passed, failed, skipped } of results) {
    sum.passed += passed;
    sum.failed += failed;
    sum.skipped += skipped;
  }
  return sum;
}

/**
 * A runner that failed without counting why (a file that cannot be loaded, an unhandled error, no
 * test at all) has failed all the same.
 * @param {number} status
 * @param {{ passed: number, failed: number, skipped: number }} counts
 */
function atLeastOneFailed(status, counts) {
  return status !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

/**
 * @param {Record<string, unknown> | undefined} record
 * @param {string} key
 */
function numberIn(record, key) {
  const value = record?.[key];
  return typeof value === 'number' ? value : 0;
}

/**
 * A failure whose message already says in words what is wrong and what to do, so that no stack
 * is shown for it.
 */
export class SetupError extends Error {
  /** @override */
  name = 'SetupError';
}

/**
 * Writes one line of progress. It goes to stderr: stdout belongs to what the app prints.
 * @param {string} line
 */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

/** @param {number} ms */
export function formatDuration(ms) {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
}

/**
 * Does one step of work between a line that names it and a line with its duration.
 * @template T
 * @param {string} title
 * @param {() => Promise<T> | T} work
 * @returns {Promise<T>}
 */
export async function step(title, work) {
  const startedAt = performance.now();
  say(`• ${title} …`);
  const result = await work();
  say(`  done in ${formatDuration(performance.now() - startedAt)}`);
  return result;
}

/**
 * Runs a script's main function. A SetupError ends it with its message alone, anything else with
 * its stack; both with status 1.
 * @param {() => Promise<number | void>} main its number is the exit status
 */
export async function runScript(main) {
  try {
    process.exitCode = (await main()) ?? 0;
  } catch (error) {
    const expected = error instanceof SetupError;
    say(`✗ ${expected ? error.message : error instanceof Error ? error.stack : String(error)}`);
    process.exitCode = 1;
  }
}

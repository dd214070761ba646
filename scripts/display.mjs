import { spawn } from 'node:child_process';
import { SetupError } from './progress.mjs';

/** Portrait, as most tills stand; a landscape window fits as well. */
const SCREEN = '1920x1920x24';

/**
 * Whether a window can be shown here as it is.
 * @param {NodeJS.ProcessEnv} [env]
 * @param {NodeJS.Platform} [platform]
 */
export function hasDisplay(env = process.env, platform = process.platform) {
  return platform !== 'linux' || Boolean(env['DISPLAY']) || Boolean(env['WAYLAND_DISPLAY']);
}

/**
 * Does work with a virtual display of its own, which ends with it.
 * @template T
 * @param {(env: NodeJS.ProcessEnv) => Promise<T>} work gets the environment for its programs
 * @returns {Promise<T>}
 */
export async function withVirtualDisplay(work) {
  const { number, end } = await startXvfb();
  try {
    // A Wayland session's variable would win over the display.
    const { WAYLAND_DISPLAY: _other, ...env } = process.env;
    return await work({ ...env, DISPLAY: `:${number}` });
  } finally {
    await end();
  }
}

/**
 * Does work with the display that is there, or on Linux without one with a virtual one.
 * @template T
 * @param {(env: NodeJS.ProcessEnv) => Promise<T>} work
 * @returns {Promise<T>}
 */
export function withDisplay(work) {
  return hasDisplay() ? work(process.env) : withVirtualDisplay(work);
}

/** @returns {Promise<{ number: string, end: () => Promise<void> }>} */
async function startXvfb() {
  // By -displayfd it takes a number that is free, and tells it once it is ready.
  const args = ['-displayfd', '3', '-screen', '0', SCREEN, '-nolisten', 'tcp', '-noreset'];
  // Detached: Ctrl+C reaches the whole foreground group, and the app must not lose its display
  // before it has ended.
  const child = spawn('Xvfb', args, {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const ended = new Promise((resolve) => child.once('close', resolve));
  const endNow = () => child.kill();
  process.once('exit', endNow);
  let complaint = '';
  child.stderr?.setEncoding('utf8').on('data', (text) => {
    complaint += text;
  });
  const number = await new Promise((resolve, reject) => {
    const fail = (/** @type {string} */ why) =>
      reject(new SetupError(`The virtual display did not start: ${why}`));
    child.once('error', (error) => fail(error.message));
    child.once('close', () => fail(complaint.trim()));
    let told = '';
    const told3 = /** @type {import('node:stream').Readable} */ (child.stdio[3]);
    told3.setEncoding('utf8').on('data', (text) => {
      told += text;
      if (told.includes('\n')) resolve(told.trim());
    });
  });
  return {
    number,
    async end() {
      child.kill();
      await ended;
      process.off('exit', endNow);
    },
  };
}

import { spawn } from 'node:child_process';
import { constants } from 'node:os';

/** @type {readonly NodeJS.Signals[]} */
const PASSED_ON = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** Signals that come closer together than this are one press of Ctrl+C. */
const ONE_PRESS_MS = 500;

const onWindows = process.platform === 'win32';

/**
 * Runs a program to its end without a terminal and gathers what it writes.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions} [options]
 * @returns {Promise<{ status: number, output: string }>} 127 when it cannot be started, 128 when a
 *   signal ended it; `output` is stdout and stderr as they came
 */
export function runToEnd(program, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text) => {
        output += text;
      });
    }
    child.on('error', (error) => resolve({ status: 127, output: error.message }));
    child.on('close', (status) => resolve({ status: status ?? 128, output }));
  });
}

/**
 * Runs a program in the foreground: it has our streams, and the signals that we get.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<number>} the exit status, or 128 and the signal's number as a shell says it
 */
export function runInForeground(program, args, env = process.env) {
  return new Promise((resolve, reject) => {
    // In a group of its own: Ctrl+C reaches a whole group, and npm hands it on once more. A second
    // one would cut off the program's own ending, so it gets the first alone.
    const child = spawn(program, args, { env, stdio: 'inherit', detached: !onWindows });
    const passOn = oncePerPress((signal) => child.kill(signal));
    for (const signal of PASSED_ON) process.on(signal, passOn);
    const forget = () => {
      for (const signal of PASSED_ON) process.off(signal, passOn);
    };
    child.on('error', (error) => {
      forget();
      reject(error);
    });
    child.on('close', (status, signal) => {
      forget();
      resolve(status ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}

/**
 * Drops what follows within the time of one press.
 * @param {(signal: NodeJS.Signals) => void} act
 * @param {() => number} [nowMs]
 * @returns {(signal: NodeJS.Signals) => void}
 */
export function oncePerPress(act, nowMs = () => performance.now()) {
  let actedAtMs = -Infinity;
  return (signal) => {
    if (nowMs() - actedAtMs < ONE_PRESS_MS) return;
    actedAtMs = nowMs();
    act(signal);
  };
}

import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { keptLog } from '../../shared/testing/kept-log.ts';
import { manualTimers } from '../../shared/testing/manual-timers.ts';
import type { ManualTimers } from '../../shared/testing/manual-timers.ts';
import { startEngineProcess } from './engine-process.ts';

/*
 * With a real process, for only such a one can hang. Time is passed by hand, so that it is never a
 * matter of how fast this machine is.
 */

/** Answers as an engine; where the file `spin` is in its data folder, it answers never again. */
const program = `
  const { existsSync, rmSync } = require('node:fs');
  let spin;
  process.on('message', ({ id, name, argument }) => {
    const done = (response) => process.send({ kind: 'done', id, response });
    if (name === 'start') {
      spin = argument.dataDir + '/spin';
      const keys = { predictionKey: 'p', trainingKey: 't' };
      done({ endpoint: 'http://127.0.0.1:4711', ...keys, projects: [] });
    }
    if (name === 'alive') {
      if (existsSync(spin)) for (rmSync(spin); ; );
      done(null);
    }
    if (name === 'stop') process.exit(0);
  });
  process.on('disconnect', () => process.exit(0));`;

/** Electron's utility process, made of one of Node's. */
class Utility extends EventEmitter {
  constructor(readonly child: ChildProcess) {
    super();
    child.on('message', (message) => this.emit('message', message));
    child.on('exit', (code) => this.emit('exit', code));
  }
  get pid(): number | undefined {
    return this.child.pid;
  }
  postMessage(message: object): void {
    // What no longer reaches it is no error, as in Electron.
    this.child.send(message, () => undefined);
  }
  kill(): void {
    this.child.kill();
  }
}

const utilities = vi.hoisted((): { child: ChildProcess }[] => []);
vi.mock('electron', () => ({
  utilityProcess: {
    fork: (entry: string) => {
      const utility = new Utility(fork(entry, [], { serialization: 'advanced' }));
      utilities.push(utility);
      return utility;
    },
  },
}));

const patience = { timeout: 30_000 };

let folder: string;
let timers: ManualTimers;
let engine: { stop: () => Promise<void> };
let said: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'freshlane-engine-hangs-'));
  const entry = join(folder, 'engine.cjs');
  writeFileSync(entry, program);
  utilities.length = 0;
  timers = manualTimers();
  said = [];
  engine = startEngineProcess({
    entry,
    dataFolder: folder,
    modelFolder: 'models',
    logFile: 'engine.log',
    log: keptLog().log,
    onReady: () => said.push('ready'),
    onDown: (message) => said.push(message),
    timers,
  });
});
afterEach(async () => {
  await engine.stop();
  rmSync(folder, { recursive: true });
});

const newest = (): ChildProcess => utilities.at(-1)!.child;
const hangs = 'The engine did not answer within 20 seconds.';

/** What was silent for too long is ended, and another one answers. */
async function expectAnother(hung: ChildProcess): Promise<void> {
  timers.pass(20_000);
  await expect.poll(() => hung.signalCode, patience).toBe('SIGKILL');
  await expect.poll(() => said, patience).toEqual(['ready', hangs, 'The engine ended with null.']);
  timers.pass(1_000);
  await expect.poll(() => said.at(-1), patience).toBe('ready');
  expect(utilities).toHaveLength(2);
}

test('an engine whose loop never comes back is ended, and another one answers', async () => {
  await expect.poll(() => said, patience).toEqual(['ready']);
  const spin = join(folder, 'spin');
  writeFileSync(spin, '');
  timers.pass(10_000);
  await expect.poll(() => existsSync(spin), patience).toBe(false);
  await expectAnother(newest());
});

test.skipIf(process.platform === 'win32')('so is one that was stopped by a signal', async () => {
  await expect.poll(() => said, patience).toEqual(['ready']);
  const stopped = newest();
  stopped.kill('SIGSTOP');
  timers.pass(10_000);
  await expectAnother(stopped);
});

test.skipIf(process.platform === 'win32')('one that hangs does not hold up the end', async () => {
  await expect.poll(() => said, patience).toEqual(['ready']);
  newest().kill('SIGSTOP');
  const ended = engine.stop();
  timers.pass(3_000);
  await ended;
  expect(newest().signalCode).toBe('SIGKILL');
});

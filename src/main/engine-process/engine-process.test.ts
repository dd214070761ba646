import { EventEmitter } from 'node:events';

import { beforeEach, expect, test, vi } from 'vitest';

import type { CallMessage } from '../../shared/calls/call-messages.ts';
import type { EngineCalls } from '../../shared/engine-messages.ts';
import { manualTimers } from '../../shared/testing/manual-timers.ts';
import type { ManualTimers } from '../../shared/testing/manual-timers.ts';
import { keptLog } from '../../shared/testing/kept-log.ts';
import { startEngineProcess } from './engine-process.ts';

/** A utility process of Electron, as far as it is used here. */
class Child extends EventEmitter {
  readonly told: CallMessage<EngineCalls>[] = [];
  postMessage(message: CallMessage<EngineCalls>): void {
    this.told.push(message);
    if (message.kind !== 'call' || message.name !== 'alive') return;
    const { id } = message;
    queueMicrotask(() => this.emit('message', { kind: 'done', id, response: null }));
  }
  kill(): void {
    this.emit('exit', 1);
  }
  /** What it was asked by this name last. */
  asked(name: keyof EngineCalls): { readonly id: number; readonly argument: unknown } {
    const call = this.told.findLast((told) => told.kind === 'call' && told.name === name);
    if (call?.kind !== 'call') throw new Error(`It was not asked to ${name}.`);
    return call;
  }
}

const children = vi.hoisted((): EventEmitter[] => []);
vi.mock('electron', () => ({
  utilityProcess: {
    fork: () => {
      const child = new Child();
      children.push(child);
      return child;
    },
  },
}));

let timers: ManualTimers;
let said: string[];
let kept: ReturnType<typeof keptLog>;

function start() {
  return startEngineProcess({
    entry: 'utility.js',
    dataFolder: 'data',
    logFile: 'logs/engine.log',
    modelFolder: 'models',
    log: kept.log,
    onReady: ({ endpoint }) => said.push(endpoint),
    onDown: (message) => said.push(message),
    timers,
  });
}

const newest = () => children.at(-1) as Child;
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

/** The newest process answers, on its port. */
async function answers(port = 4711): Promise<void> {
  const response = {
    endpoint: `http://127.0.0.1:${port}`,
    predictionKey: 'p',
    trainingKey: 't',
    projects: [],
  };
  newest().emit('message', { kind: 'done', id: newest().asked('start').id, response });
  await settle();
}

/** It lives on for so long, and says so each time that it is asked. */
async function lives(forMs: number): Promise<void> {
  const stepMs = 10_000;
  for (let atMs = 0; atMs < forMs; atMs += stepMs) {
    timers.pass(stepMs);
    // oxlint-disable-next-line no-await-in-loop -- the answer comes between two steps.
    await settle();
  }
}

const waits = () =>
  kept.events.filter(({ event }) => event === 'engine-ended').map((told) => told['againInMs']);

beforeEach(() => {
  children.length = 0;
  timers = manualTimers();
  said = [];
  kept = keptLog();
});

test('an engine that ends is begun again on its port, and both is told', async () => {
  start();
  await answers();
  newest().emit('exit', 9);
  timers.pass(1_000);
  expect(children).toHaveLength(2);
  expect(newest().asked('start').argument).toEqual({
    ...{ dataDir: 'data', modelDir: 'models', logFile: 'logs/engine.log', port: 4711 },
  });
  await answers();
  expect(said).toEqual([
    'http://127.0.0.1:4711',
    'The engine ended with 9.',
    'http://127.0.0.1:4711',
  ]);
});

test('one that dies each time as soon as it answers is begun ever more slowly', async () => {
  start();
  for (let time = 0; time < 6; time += 1) {
    await answers();
    newest().emit('exit', 1);
    timers.pass(60_000);
  }
  expect(waits()).toEqual([1_000, 2_000, 5_000, 15_000, 60_000, 60_000]);
});

test('one that answered for a minute is begun soon, whatever was before', async () => {
  start();
  newest().emit('exit', 1);
  timers.pass(1_000);
  newest().emit('exit', 1);
  timers.pass(2_000);
  await answers();
  await lives(60_000);
  expect(children).toHaveLength(3);
  newest().emit('exit', 1);
  expect(waits()).toEqual([1_000, 2_000, 1_000]);
});

test('one that cannot start is ended, and its port is given up', async () => {
  start();
  await answers();
  newest().emit('exit', 1);
  timers.pass(1_000);
  const failure = { message: 'The port is taken.' };
  newest().emit('message', { kind: 'failed', id: newest().asked('start').id, failure });
  await settle();
  timers.pass(2_000);
  expect(said.slice(1)).toEqual([
    'The engine ended with 1.',
    'The port is taken.',
    'The engine ended with 1.',
  ]);
  expect(newest().asked('start').argument).toMatchObject({ port: 0 });
});

test('what is no message of an engine is refused', () => {
  start();
  newest().emit('message', { kind: 'ready', endpoint: 'nowhere' });
  expect(said).toEqual([]);
  expect(kept.events).toEqual([{ level: 'warn', event: 'engine-message-refused' }]);
});

test('an engine that starts with nonsense is ended', async () => {
  start();
  const { id } = newest().asked('start');
  newest().emit('message', { kind: 'done', id, response: { endpoint: 'nowhere' } });
  await settle();
  expect(kept.events.map(({ event }) => event)).toEqual(['engine-failed', 'engine-ended']);
});

test('one that does not start in time is told once, ended, and begun again on any port', async () => {
  start();
  await answers();
  newest().emit('exit', 1);
  timers.pass(1_000);
  const slow = newest();
  expect(slow.asked('start').argument).toMatchObject({ port: 4711 });
  // A process ends some time after it is told to.
  slow.kill = () => void setImmediate(() => slow.emit('exit', null));
  timers.pass(300_000);
  await settle();
  await settle();
  const hung = ['engine-ended', 'engine-hangs', 'engine-ended'];
  expect(kept.events.map(({ event }) => event)).toEqual(hung);
  timers.pass(60_000);
  expect(newest().asked('start').argument).toMatchObject({ port: 0 });
});

test('a fault of an engine that goes on is a line of the log', async () => {
  start();
  await answers();
  const { id } = newest().asked('faults');
  newest().emit('message', { kind: 'progress', id, progress: { message: 'A thread ended.' } });
  expect(kept.events).toEqual([
    { level: 'error', event: 'engine-fault', message: 'A thread ended.' },
  ]);
  expect(children).toHaveLength(1);
});

test('stopped while it runs, it is told so, and its end is no news', async () => {
  const { stop } = start();
  await answers();
  const stopped = stop();
  expect(newest().asked('stop')).toBeDefined();
  newest().emit('exit', 0);
  await stopped;
  timers.pass(60_000);
  expect(children).toHaveLength(1);
  expect(said).toHaveLength(1);
});

test('stopped between two lives, it is begun no more', async () => {
  const { stop } = start();
  newest().emit('exit', 1);
  await stop();
  timers.pass(60_000);
  expect(children).toHaveLength(1);
});

import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, expect, test, vi } from 'vitest';

import type { CallReply } from '../shared/calls/call-messages.ts';
import { createCalls } from '../shared/calls/calls.ts';
import type { Calls } from '../shared/calls/calls.ts';
import type { EngineCalls, EngineFault } from '../shared/engine-messages.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

/** Electron's end of the port, as far as the engine uses it. */
class Parent extends EventEmitter {
  postMessage(reply: CallReply<EngineFault>): void {
    this.emit('reply', reply);
  }
}

// Where the built thread lies is the build's affair; here it is looked for beside the source.
vi.mock('./inference/inference-pool.ts', async () => {
  const { loadFeatureExtractor } = await import('./inference/feature-extractor.ts');
  return { openInferencePool: loadFeatureExtractor };
});

async function startProcess(): Promise<Calls<EngineCalls, EngineFault>> {
  const parent = new Parent();
  Object.assign(process, { parentPort: parent });
  vi.resetModules();
  await import('./utility.ts');
  return createCalls<EngineCalls, EngineFault>({
    post: (data) => parent.emit('message', { data }),
    on: (receive) => parent.on('reply', receive),
  });
}

afterEach(() => {
  Reflect.deleteProperty(process, 'parentPort');
  process.exitCode = undefined;
  vi.restoreAllMocks();
});

test('starts by its first message and exits by stop', async () => {
  const calls = await startProcess();
  const predictionKey = 'given-by-hand-and-long';
  const logFile = join(temporaryFolder(), 'logs', 'engine.log');
  const dataDir = temporaryFolder();
  const ready = await calls.call('start', { dataDir, logFile, port: 0, predictionKey });
  expect(await calls.call('alive')).toBeNull();
  expect(ready).toMatchObject({ predictionKey, projects: [] });
  expect((await fetch(`${ready.endpoint}/healthz`)).status).toBe(200);

  const exited = new Promise<unknown>((resolve) => {
    vi.spyOn(process, 'exit').mockImplementation(((code: unknown) => resolve(code)) as never);
  });
  void calls.call('stop');
  await exited;
  const events = readFileSync(logFile, 'utf8').trim().split('\n');
  expect(events.map((line) => (JSON.parse(line) as { event: string }).event)).toEqual([
    ...['started', 'stopping', 'stopped'],
  ]);
  await expect(fetch(`${ready.endpoint}/healthz`)).rejects.toThrow();
});

test.each([
  [{ port: 0 }, /dataDir/],
  ['nonsense', /Bad options/],
])('bad options %j are named', async (options, message) => {
  const calls = await startProcess();
  await expect(calls.call('start', options as never)).rejects.toThrow(message);
  expect(process.exitCode).toBe(1);
});

test('it is started once', async () => {
  const calls = await startProcess();
  await expect(calls.call('start', { port: 0 } as never)).rejects.toThrow(/dataDir/);
  await expect(calls.call('start', { dataDir: 'x', port: 0 })).rejects.toThrow(/already/);
});

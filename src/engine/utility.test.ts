import { EventEmitter, once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, expect, test, vi } from 'vitest';

import type { EngineMessage, EngineRequest } from '../shared/engine-messages.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

/** Electron's end of the port, as far as the engine uses it. */
class Parent extends EventEmitter {
  postMessage(message: EngineMessage): void {
    this.emit('posted', message);
  }

  async ask(data: unknown): Promise<EngineMessage> {
    const posted = once(this, 'posted');
    this.emit('message', { data });
    return ((await posted) as [EngineMessage])[0];
  }
}

// Where the built thread lies is the build's affair; here it is looked for beside the source.
vi.mock('./inference/inference-pool.ts', async () => {
  const { loadFeatureExtractor } = await import('./inference/feature-extractor.ts');
  return { openInferencePool: loadFeatureExtractor };
});

async function startProcess(): Promise<Parent> {
  const parent = new Parent();
  Object.assign(process, { parentPort: parent });
  vi.resetModules();
  await import('./utility.ts');
  return parent;
}

afterEach(() => {
  Reflect.deleteProperty(process, 'parentPort');
  process.exitCode = undefined;
  vi.restoreAllMocks();
});

test('starts by its first message and exits by stop', async () => {
  const parent = await startProcess();
  const predictionKey = 'given-by-hand-and-long';
  const logFile = join(temporaryFolder(), 'logs', 'engine.log');
  const start: EngineRequest = {
    kind: 'start',
    dataDir: temporaryFolder(),
    logFile,
    port: 0,
    predictionKey,
  };
  const ready = await parent.ask(start);
  if (ready.kind !== 'ready') throw new Error(JSON.stringify(ready));
  expect(ready).toMatchObject({ predictionKey, projects: [] });
  expect((await fetch(`${ready.endpoint}/healthz`)).status).toBe(200);

  const exited = new Promise<unknown>((resolve) => {
    vi.spyOn(process, 'exit').mockImplementation(((code: unknown) => resolve(code)) as never);
  });
  parent.emit('message', { data: { kind: 'stop' } });
  await exited;
  const events = readFileSync(logFile, 'utf8').trim().split('\n');
  expect(events.map((line) => (JSON.parse(line) as { event: string }).event)).toEqual([
    ...['started', 'stopping', 'stopped'],
  ]);
  await expect(fetch(`${ready.endpoint}/healthz`)).rejects.toThrow();
});

test.each([
  [{ kind: 'start', port: 0 }, /dataDir/],
  ['nonsense', /Bad options/],
])('bad options %j are named', async (options, message) => {
  const parent = await startProcess();
  const answer = await parent.ask(options);
  expect(answer).toMatchObject({ kind: 'failed', message: expect.stringMatching(message) });
});

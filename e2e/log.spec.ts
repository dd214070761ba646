import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { Kiosk, jsonLines } from './kiosk.ts';
import type { Line } from './kiosk.ts';

let data: string;
let kiosk: Kiosk | null = null;

test.beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'freshlane-log-'));
});
test.afterEach(async () => {
  await kiosk?.attachWhenFailed();
  await kiosk?.close();
  kiosk = null;
  rmSync(data, { recursive: true });
});

const logged = (name: string): readonly Line[] =>
  jsonLines(readFileSync(join(data, 'logs', name), 'utf8'));
const names = (lines: readonly Line[]) => lines.map(({ event }) => event);

test('kiosk and engine keep one form of log in the data folder, from start to stop', async () => {
  kiosk = await Kiosk.start({ data });
  const printed = kiosk.log();
  expect(names(printed)).toContain('window-shown');
  await kiosk.close();
  expect(readdirSync(join(data, 'logs')).toSorted()).toEqual(['engine.log', 'kiosk.log']);
  const [own, engine] = [logged('kiosk.log'), logged('engine.log')];
  expect(own.slice(0, printed.length)).toEqual(printed);
  expect([names(own).at(0), names(own).at(-1)]).toEqual(['started', 'stopped']);
  expect(names(engine)).toEqual(['started', 'stopping', 'stopped']);
  for (const line of [...own, ...engine]) {
    expect(Object.keys(line).slice(0, 3)).toEqual(['time', 'level', 'event']);
    expect(line['time']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(line['level']).toMatch(/^(info|warn|error)$/);
  }
});

test('a kiosk that ends by a fault says it in its last line', async () => {
  kiosk = await Kiosk.start({ data, ready: false });
  const ended = once(kiosk.process, 'exit');
  await kiosk.app.evaluate(() => {
    setTimeout(() => {
      throw new Error('thrown by a test');
    }, 0);
  });
  await ended;
  const error: unknown = expect.stringContaining('Error: thrown by a test\n');
  expect(logged('kiosk.log').at(-1)).toMatchObject({ level: 'error', event: 'ended', error });
});

test('a log that cannot be written is told once and does not stop the till', async () => {
  test.skip(!existsSync('/dev/full'), 'This system has no disk that is always full.');
  mkdirSync(join(data, 'logs'));
  for (const name of ['kiosk.log', 'engine.log'])
    symlinkSync('/dev/full', join(data, 'logs', name));
  kiosk = await Kiosk.start({ data });
  await kiosk.logged('log-file-failed', { level: 'error', file: join(data, 'logs', 'kiosk.log') });
  await kiosk.startByHand('Banana');
  await kiosk.sees('cart');
  expect(names(kiosk.log()).filter((name) => name === 'log-file-failed')).toHaveLength(1);
  const engineSaid = kiosk.log().filter(({ event }) => event === 'engine-said');
  const text: unknown = expect.stringContaining('log-file-failed');
  expect(engineSaid).toMatchObject([{ text }]);
});

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { keptLog } from '../../shared/testing/kept-log.ts';
import { parseOptions } from '../app/options.ts';
import { pathsFrom } from '../app/paths.ts';
import { openShop } from './shop.ts';
import type { Shop } from './shop.ts';

const paths = pathsFrom({ app: resolve(import.meta.dirname, '..', '..', '..'), resources: null });

let dataFolder: string;
let kept: ReturnType<typeof keptLog>;
beforeEach(async () => {
  kept = keptLog();
  dataFolder = await mkdtemp(join(tmpdir(), 'freshlane-shop-'));
});
afterEach(() => rm(dataFolder, { recursive: true }));

async function open(settings: object | string | null, ...args: string[]) {
  if (settings !== null) {
    const text = typeof settings === 'string' ? settings : JSON.stringify(settings);
    await writeFile(join(dataFolder, 'settings.json'), text);
  }
  return openShop(parseOptions(args, dataFolder), dataFolder, paths, kept.log);
}

/** The kinds of camera, scale, terminal and recogniser. */
function kindsOf({ settings: { camera, scale, terminal, recogniser } }: Shop): readonly string[] {
  return [camera, scale, terminal, recogniser].map(({ kind }) => kind);
}

test('a folder without settings is the demo shop', async () => {
  const shop = await open(null);
  expect(shop).toMatchObject({ demo: true, fault: null });
  expect(kindsOf(shop)).toEqual(['tray', 'tray', 'demo', 'engine']);
});

/** Each with the devices that it had before scale and recogniser were settings. */
test.each<[what: string, settings: object | null, args: readonly string[], kinds: string[]]>([
  ['default settings', {}, [], ['live', 'none', 'demo', 'custom-vision']],
  ['a webcam', { camera: { kind: 'webcam' } }, [], ['webcam', 'none', 'demo', 'custom-vision']],
  ['the virtual tray', { camera: { kind: 'tray' } }, [], ['tray', 'tray', 'demo', 'custom-vision']],
  ['the virtual tray by option', {}, ['--camera=tray'], ['tray', 'tray', 'demo', 'custom-vision']],
  [
    'a real camera by option',
    { camera: { kind: 'tray' } },
    ['--camera=live'],
    ['live', 'none', 'demo', 'custom-vision'],
  ],
  ['a configuration', null, ['--config=lab.env'], ['live', 'none', 'demo', 'custom-vision']],
  ['a catalogue', null, ['--catalogue=own.csv'], ['live', 'none', 'demo', 'custom-vision']],
  [
    'the demo shop before a real camera',
    { camera: { kind: 'webcam' } },
    ['--demo', '--camera=live'],
    ['live', 'none', 'demo', 'engine'],
  ],
])('%s: every data folder keeps its devices', async (_what, settings, args, kinds) => {
  expect(kindsOf(await open(settings, ...args))).toEqual(kinds);
});

test('scale and recogniser are as the settings say', async () => {
  const shop = await open({
    camera: { kind: 'tray' },
    scale: { kind: 'none' },
    recogniser: { kind: 'engine' },
  });
  expect(shop.demo).toBe(false);
  expect(kindsOf(shop)).toEqual(['tray', 'none', 'demo', 'engine']);
});

test('the demo shop has settings of its own, whatever the folder says', async () => {
  const shop = await open({ store: { name: 'Corner' }, camera: { kind: 'webcam' } }, '--demo');
  expect(shop).toMatchObject({ demo: true, settings: { camera: { kind: 'tray' } } });
  expect(shop.settings.store.name).not.toBe('Corner');
  expect(await open('{', '--demo')).toMatchObject({ demo: true, fault: null });
});

test('the command line goes before the settings, and keeps how the camera is mounted', async () => {
  const camera = { kind: 'live', device: 'left', turned: 90, mirrored: true };
  const args = ['--camera=webcam', '--device=/dev/video2', '--terminal=slow', '--seed=7'];
  const { settings } = await open({ camera }, ...args);
  expect(settings.camera).toEqual({
    kind: 'webcam',
    device: '/dev/video2',
    turned: 90,
    mirrored: true,
    tray: null,
    mainsHz: null,
    fixedExposure: true,
  });
  expect(settings.terminal).toEqual({ kind: 'demo', behaviour: 'slow', answerMs: null });
});

test('settings that are wrong close the shop, whatever the command line says', async () => {
  expect(await open({ camera: 'live' }, '--camera=tray')).toMatchObject({ fault: 'settings' });
  const message: unknown = expect.stringContaining('expected object');
  expect(kept.events).toEqual([
    { level: 'error', event: 'setting-refused', setting: 'camera', message },
  ]);
});

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { parseOptions } from '../app/options.ts';
import { pathsFrom } from '../app/paths.ts';
import { openShop } from './shop.ts';

const paths = pathsFrom({ app: resolve(import.meta.dirname, '..', '..', '..'), resources: null });

let dataFolder: string;
beforeEach(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), 'freshlane-shop-'));
});
afterEach(() => rm(dataFolder, { recursive: true }));

const log = vi.fn();
async function open(settings: object | string | null, ...args: string[]) {
  if (settings !== null) {
    const text = typeof settings === 'string' ? settings : JSON.stringify(settings);
    await writeFile(join(dataFolder, 'settings.json'), text);
  }
  return openShop(parseOptions(args, dataFolder), dataFolder, paths, log);
}

test('a folder without settings is the demo shop', async () => {
  expect(await open(null)).toMatchObject({
    demo: true,
    fault: null,
    settings: { camera: { kind: 'tray', seed: 1 }, terminal: { kind: 'demo' } },
  });
});

test('the demo shop has settings of its own, whatever the folder says', async () => {
  const shop = await open({ store: { name: 'Corner' }, camera: { kind: 'webcam' } }, '--demo');
  expect(shop).toMatchObject({ demo: true, settings: { camera: { kind: 'tray' } } });
  expect(shop.settings.store.name).not.toBe('Corner');
  expect(await open('{', '--demo')).toMatchObject({ demo: true, fault: null });
});

test.each([['--config=lab.env'], ['--catalogue=own.csv']])(
  'a folder without settings is no demo with %s',
  async (argument) => {
    expect(await open(null, argument)).toMatchObject({
      demo: false,
      settings: { camera: { kind: 'live' } },
    });
  },
);

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
  expect(log).toHaveBeenCalledWith('setting-refused', {
    setting: 'camera',
    message: expect.stringContaining('expected object') as string,
  });
});

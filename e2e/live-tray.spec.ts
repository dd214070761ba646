import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadImage } from '@napi-rs/canvas';
import { expect, test } from '@playwright/test';
import { Kiosk, projectFolder } from './kiosk.ts';
import { writeFilmOfThing } from './live-camera/film.ts';

let folder: string;
let kiosk: Kiosk | null = null;

test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'freshlane-live-tray-'));
});
test.afterEach(async () => {
  await kiosk?.attachWhenFailed();
  await kiosk?.close();
  kiosk = null;
  rmSync(folder, { recursive: true });
});

test('what lies under a live camera, and what leaves it, is told by the model', async () => {
  const film = join(folder, 'film.mjpeg');
  const orange = await loadImage(join(projectFolder, 'assets', 'products', 'orange.webp'));
  // Longer, and the same picture would pass for a camera that hangs.
  writeFilmOfThing(film, orange, 2.5);
  const till = await Kiosk.start({
    args: [
      ...['--demo', '--camera=live'],
      '--use-fake-device-for-media-stream',
      `--use-file-for-fake-video-capture=${film}`,
    ],
  });
  kiosk = till;
  // The rules' ids begin with another letter.
  await till.logged('item-left', { placementId: 's1' });
  await till.logged('item-left', { placementId: 's2' });
  expect(till.log().filter(({ log }) => log === 'tray-model-failed')).toEqual([]);
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { Kiosk } from './kiosk.ts';
import { writeFilmInTheDark } from './live-camera/film.ts';

let folder: string;
let kiosk: Kiosk | null = null;

test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'freshlane-sight-'));
});
test.afterEach(async () => {
  await kiosk?.attachWhenFailed();
  await kiosk?.close();
  kiosk = null;
  rmSync(folder, { recursive: true });
});

test('a camera that is in the dark from the start says so, shows what it sees, and is well in the light', async () => {
  const film = join(folder, 'film.mjpeg');
  writeFilmInTheDark(film, 8);
  const till = await Kiosk.start({
    args: [
      ...['--demo', '--camera=live'],
      '--use-fake-device-for-media-stream',
      `--use-file-for-fake-video-capture=${film}`,
    ],
    // The film does not wait for the recogniser.
    ready: false,
  });
  kiosk = till;
  await till.key('Start').click();
  // Nothing can be laid down where a real camera looks, demo shop or not.
  expect(await till.page.evaluate(() => 'demo' in window)).toBe(false);
  const notice = till.page.locator('.notice');
  await expect(notice).toHaveText(
    'It is too dark for the camera. Please find your items yourself.',
  );
  await expect(till.page.getByRole('status')).toContainText('It is too dark for the camera.');
  // Whoever looks at the picture sees why.
  await expect(till.page.locator('.tray-picture:not([data-empty])')).toBeVisible();
  await expect(till.page.getByText('Lay the first thing on the tray')).toHaveCount(0);
  const { advice } = await till.logged('camera-blind', { reason: 'dark' });
  expect(advice).toContain('switch on the light over the tray');

  await till.logged('camera-sees-again');
  await expect(notice).toHaveCount(0);
  await expect(till.page.getByText('Lay the first thing on the tray')).toBeVisible();
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadImage } from '@napi-rs/canvas';
import type { Image } from '@napi-rs/canvas';
import { expect, test } from '@playwright/test';
import { Kiosk, jsonLines, projectFolder } from './kiosk.ts';
import type { Line } from './kiosk.ts';
import { writeFilmOfSwap, writeFilmOfThing } from './live-camera/film.ts';

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
  // Longer, and the same picture would pass for a camera that hangs.
  writeFilmOfThing(film, await pictureOf('orange'), 2.5);
  const till = await Kiosk.start({ args: liveCameraOf(film) });
  kiosk = till;
  // The rules' ids begin with another letter.
  await till.logged('item-left', { placementId: 's1' });
  await till.logged('item-left', { placementId: 's2' });
  expect(till.log().filter(({ event }) => event === 'tray-model-failed')).toEqual([]);
});

test('an apple that lies where an orange was taken is not taken for the orange', async () => {
  const film = join(folder, 'film.mjpeg');
  writeFilmOfSwap(film, await pictureOf('orange'), await pictureOf('green-apple'));
  const till = await Kiosk.start({ args: liveCameraOf(film) });
  kiosk = till;

  // The film goes round: what was laid down before the kiosk could recognise it is left out.
  await expect(async () => {
    const { screen, cart } = await till.snapshot();
    if (screen.kind === 'ask' || screen.kind === 'lookup') {
      const isOrange =
        screen.kind === 'ask' && screen.candidates[0]?.productId === 'orange' && !screen.unsure;
      await till.page.evaluate(
        ([questionId, chosen]) =>
          chosen
            ? window.shopper.request['product:choose']({ questionId, productId: 'orange' })
            : window.shopper.request['item:leave-out']({ questionId }),
        [screen.questionId, isOrange] as const,
      );
    }
    expect(cart.lines.map(({ productId }) => productId)).toEqual(['orange']);
  }).toPass({ intervals: [100] });

  /** What the kiosk made of what was laid down next; the orange's line may be later than that. */
  const next = (): Line | undefined => {
    const lines = jsonLines(till.output('stdout'));
    const soldAt = lines.findIndex((line) => line['product'] === 'orange');
    const askedAt = lines
      .slice(0, soldAt)
      .findLastIndex(({ candidates }) => Array.isArray(candidates) && candidates[0] === 'orange');
    const since = lines.slice((askedAt === -1 ? soldAt : askedAt) + 1);
    return since.find((line) => outcomes.has(String(line['event'])) && line !== lines[soldAt]);
  };
  await expect.poll(next).toBeDefined();
  const { product, candidates } = next()!;
  expect(product ?? candidates).toEqual(
    product === undefined ? expect.arrayContaining(['green-apple']) : 'green-apple',
  );
  const { cart } = await till.snapshot();
  const oranges = cart.lines.filter(({ productId }) => productId === 'orange');
  expect(oranges).toMatchObject([{ quantity: 1 }]);
});

const outcomes: ReadonlySet<string> = new Set(['item-added', 'asked', 'unknown']);

function liveCameraOf(film: string): readonly string[] {
  return [
    ...['--demo', '--camera=live'],
    '--use-fake-device-for-media-stream',
    `--use-file-for-fake-video-capture=${film}`,
  ];
}

function pictureOf(product: string): Promise<Image> {
  return loadImage(join(projectFolder, 'assets', 'products', `${product}.webp`));
}

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import { expect, test } from '@playwright/test';
import { accessibilityFaults } from './accessibility.ts';
import type { Engine } from './engine.ts';
import { Kiosk, projectFolder } from './kiosk.ts';
import { openCarefulShop } from './shop.ts';

/** Only then are the pictures of the documentation made anew: a test leaves the tree as it was. */
const savesPictures = process.env['UPDATE_SCREENS'] === '1';
const picturesFolder = join(projectFolder, 'docs', 'screens');

const views = [
  { name: 'portrait', size: { width: 1080, height: 1920 } },
  { name: 'landscape', size: { width: 1920, height: 1080 } },
] as const;

let folder: string;
let kiosk: Kiosk | null = null;
let engine: Engine | null = null;

test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'freshlane-screens-'));
});
test.afterEach(async () => {
  await kiosk?.attachWhenFailed();
  await kiosk?.close();
  await engine?.kill();
  kiosk = null;
  engine = null;
  rmSync(folder, { recursive: true });
});

/** Holds the screen to axe as it stands, and keeps pictures of both ways a till can stand. */
async function check(shown: Kiosk, name: string): Promise<void> {
  expect(await accessibilityFaults(shown.page), name).toEqual([]);
  if (!savesPictures) return;
  for (const view of views) {
    await shown.resize(view.size);
    writeFileSync(
      join(picturesFolder, `${name}-${view.name}.png`),
      await fewerColours(await shown.page.screenshot({ animations: 'disabled' })),
    );
  }
  await shown.resize(views[0].size);
}

/** The demo's world view is drawn with a camera's noise, which no PNG can make small. */
async function fewerColours(png: Buffer): Promise<Buffer> {
  const image = await loadImage(png);
  const context = createCanvas(image.width, image.height).getContext('2d');
  context.drawImage(image, 0, 0);
  const picture = context.getImageData(0, 0, image.width, image.height);
  for (let at = 0; at < picture.data.length; at += 1) {
    if (at % 4 !== 3) picture.data[at] = Math.min(255, Math.round((picture.data[at] ?? 0) / 5) * 5);
  }
  context.putImageData(picture, 0, 0);
  return context.canvas.toBuffer('image/png');
}

test('every screen of a sale stands up to axe', async () => {
  test.setTimeout(480_000);
  if (savesPictures) mkdirSync(picturesFolder, { recursive: true });
  const demo = await Kiosk.start({ args: ['--demo', '--seed=7', '--terminal=slow'] });
  kiosk = demo;
  await check(demo, 'welcome');

  for (const [name, product] of [
    ['Green apple', 'green-apple'],
    ['Organic lemon', 'lemon'],
    ['Tomatoes', 'tomato'],
    ['Avocado', 'avocado'],
  ] as const) {
    await demo.lay(name);
    await demo.event('item-added', { product });
  }
  await check(demo, 'cart');
  await demo.key('Language: English').click();
  await demo.key('Deutsch').click();
  await expect(demo.key('Sprache: Deutsch')).toBeVisible();
  await check(demo, 'cart-german');
  await demo.key('Sprache: Deutsch').click();
  await demo.key('English').click();

  await demo.page.evaluate(() => window.demo?.request['demo:lay']({ productId: 'keys' }));
  await demo.event('unknown');
  await check(demo, 'unknown');
  await demo.key('Leave it out').click();
  await demo.key('Find item').click();
  await demo.page.getByRole('tab', { name: 'Name' }).click();
  await demo.key('o').click();
  await check(demo, 'find-by-name');
  await demo.page.getByRole('tab', { name: 'Number' }).click();
  for (const digit of '4011') await demo.key(digit).click();
  await check(demo, 'find-by-number');
  await demo.key('Back to the cart').click();

  await demo.key(/^Pay/).click();
  await demo.sees('paying');
  await check(demo, 'paying');
  await demo.sees('receipt');
  await check(demo, 'receipt');
});

test('asking, and a till without its recogniser, stand up to axe', async () => {
  const careful = await openCarefulShop(folder);
  ({ engine } = careful);
  const shop = await Kiosk.start({ args: careful.args });
  kiosk = shop;
  await check(shop, 'welcome-shop');
  await shop.page.evaluate(() => window.demo?.request['demo:lay']({ productId: 'green-apple' }));
  await shop.event('asked');
  await check(shop, 'ask');
  await shop.key(/^Green apple/).click();
  await shop.event('item-added');

  await engine.kill();
  for (const productId of ['banana', 'lemon', 'orange']) {
    await shop.page.evaluate(
      (id) => window.demo?.request['demo:lay']({ productId: id }),
      productId,
    );
    await shop.event('unknown', { reason: 'recognition-down' });
    await shop.key('Leave it out').click();
  }
  await expect(shop.page.locator('.notice')).toBeVisible();
  await check(shop, 'degraded');
});

test('a till that is out of order stands up to axe', async () => {
  const data = join(folder, 'data');
  mkdirSync(join(data, 'ledger.db'), { recursive: true });
  kiosk = await Kiosk.start({ data, ready: false });
  await kiosk.sees('out-of-order');
  await check(kiosk, 'out-of-order');
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { serveEngine } from './engine.ts';
import type { Engine } from './engine.ts';
import { Kiosk } from './kiosk.ts';
import { openCarefulShop } from './shop.ts';

let folder: string;
let engineData: string;
let engine: Engine;
let kiosk: Kiosk;

test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'freshlane-shop-'));
  const shop = await openCarefulShop(folder);
  ({ engine, engineData } = shop);
  kiosk = await Kiosk.start({ args: shop.args });
});
test.afterAll(async () => {
  await kiosk?.close();
  await engine?.kill();
  if (folder !== undefined) rmSync(folder, { recursive: true });
});
test.afterEach(() => kiosk?.attachWhenFailed());
test.beforeEach(() => kiosk.startOver());

async function lay(productId: string): Promise<void> {
  const reply = await kiosk.page.evaluate(
    (id) => window.demo?.request['demo:lay']({ productId: id }),
    productId,
  );
  expect(reply?.ok).toBe(true);
}

test('what is not sure is asked: chosen, none of these, left out', async () => {
  const { page } = kiosk;
  await lay('banana');
  const asked = await kiosk.event('asked');
  expect(asked['candidates']).toContain('banana');
  await expect(page.getByRole('heading', { name: 'Which one is it?' })).toBeFocused();
  await expect(page.getByRole('img', { name: 'What lies on the tray' })).toBeVisible();
  const count = await page.locator('.ask-choices li').count();
  expect(count).toBeGreaterThanOrEqual(2);
  expect(count).toBeLessThanOrEqual(4);
  await kiosk.key(/^Banana/).click();
  await kiosk.event('item-added', { product: 'banana' });

  await lay('lemon');
  await kiosk.event('asked');
  await kiosk.key('None of these').click();
  await expect(page.getByRole('heading', { name: 'Let’s find it' })).toBeVisible();
  await kiosk.key('Drinks').click();
  await kiosk.key(/^Milk/).click();
  await kiosk.event('item-added', { product: 'milk' });

  await lay('orange');
  await kiosk.event('asked');
  await kiosk.key('Leave it out').click();
  await kiosk.event('left-out');
  const { lines } = (await kiosk.snapshot()).cart;
  expect(lines.map(({ productId }) => productId)).toEqual(['banana', 'milk']);
});

test('with the engine gone all goes on by hand, and its return is noticed', async () => {
  const notice = kiosk.page.locator('.notice');
  const port = Number(new URL(engine.ready.endpoint).port);
  await kiosk.key('Start').click();
  await engine.kill();
  for (const productId of ['banana', 'lemon', 'orange']) {
    await lay(productId);
    await kiosk.event('unknown', { reason: 'recognition-down' });
    await expect(kiosk.page.getByText('The camera cannot tell just now.')).toBeVisible();
    await kiosk.key(/^Banana/).click();
    await kiosk.event('item-added', { product: 'banana', probability: null });
  }
  await expect(notice).toContainText('The camera cannot tell things apart just now.');
  expect((await kiosk.snapshot()).cart.itemCount).toBe(3);

  engine = await serveEngine(engineData, port);
  await expect(notice).toHaveCount(0);
  await lay('avocado');
  await kiosk.event('asked');
});

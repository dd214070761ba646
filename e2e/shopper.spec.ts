import { expect, test } from '@playwright/test';
import { accessibilityFaults } from './accessibility.ts';
import { Kiosk } from './kiosk.ts';

let kiosk: Kiosk;

test.beforeAll(async () => {
  kiosk = await Kiosk.start({ args: ['--demo', '--seed=7'] });
});
test.afterAll(() => kiosk?.close());
test.afterEach(() => kiosk?.attachWhenFailed());
test.beforeEach(() => kiosk.startOver());

const line = (name: string) => kiosk.page.getByRole('listitem').filter({ hasText: name });
const said = () => kiosk.page.locator('output[aria-live]');

async function layInCart(name: string, product: string): Promise<void> {
  await kiosk.lay(name);
  await kiosk.event('item-added', { product });
}

test('a sale by touch: laid down, counted, taken out, put back, paid', async () => {
  await kiosk.lay('Banana');
  const added = await kiosk.event('item-added', { product: 'banana' });
  expect(added['probability']).toBeGreaterThan(0.5);
  expect(added['msSinceStill']).toBeGreaterThan(0);
  await kiosk.sees('cart');
  await expect(said()).toContainText('Banana added, €0.29. Total €0.29.');
  await layInCart('Green apple', 'green-apple');

  await kiosk.key('One more Banana').click();
  await kiosk.event('quantity-set', { product: 'banana', quantity: 2 });
  await expect(line('Banana')).toContainText('€0.58');
  await kiosk.key('Undo').click();
  await kiosk.event('undone');
  await expect(line('Banana')).toContainText('€0.29');

  await kiosk.key('Take Green apple out').click();
  await kiosk.event('line-removed', { product: 'green-apple' });
  await expect(said()).toContainText('Green apple taken out. Total €0.29.');
  await kiosk.key('Undo: put Green apple back').click();
  await kiosk.event('undone');

  await kiosk.key('Pay €0.88').click();
  await kiosk.event('payment-started', { amountMinor: 88, currency: 'EUR' });
  await kiosk.sees('receipt');
  await kiosk.event('sale-completed', { totalMinor: 88 });
  await expect(kiosk.page.getByText('Demo card ···· 4242')).toBeVisible();
  await kiosk.key('Done').click();
  await kiosk.sees('welcome');
  expect((await kiosk.snapshot()).cart.lines).toEqual([]);
});

test('a sale by keyboard alone, with the focus always to be seen', async () => {
  await press('Lay Organic lemon on the tray', 'Enter');
  await kiosk.event('item-added', { product: 'lemon' });
  await press('One more Organic lemon', 'Space');
  await kiosk.event('quantity-set', { product: 'lemon', quantity: 2 });
  await press('Pay €0.98', 'Enter');
  await kiosk.sees('receipt');
  await press('Done', 'Space');
  await kiosk.sees('welcome');
});

/** Tabs to the key and presses it. */
async function press(name: string, how: 'Enter' | 'Space'): Promise<void> {
  const { page } = kiosk;
  const key = kiosk.key(name);
  await key.waitFor();
  for (let steps = 0; steps < 80; steps += 1) {
    if (await key.evaluate((element) => element === document.activeElement)) break;
    await page.keyboard.press('Tab');
  }
  await expect(key).toBeFocused();
  const mark = await key.evaluate((element) => {
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
    return { outline: outlineStyle === 'none' ? 0 : parseFloat(outlineWidth), boxShadow };
  });
  expect(mark.outline > 1 || mark.boxShadow !== 'none').toBe(true);
  await page.keyboard.press(how);
}

test('two things laid down together are two lines', async () => {
  await kiosk.lay('Avocado');
  await kiosk.lay('Green apple');
  // Whichever is known first: products are list items on the screens that find one by hand too.
  const inCart = async () =>
    (await kiosk.snapshot()).cart.lines.map(({ productId }) => productId).sort();
  await expect.poll(inCart).toEqual(['avocado', 'green-apple']);
  await expect(line('Avocado')).toHaveCount(1);
  await expect(line('Green apple')).toHaveCount(1);
});

test('what leaves the tray stays in the cart', async () => {
  await layInCart('Organic lemon', 'lemon');
  const lefts = () => kiosk.log().filter((entry) => entry['event'] === 'item-left').length;
  const before = lefts();
  await kiosk.key('Take Organic lemon from the tray').click();
  await expect.poll(lefts).toBe(before + 1);
  await expect(line('Organic lemon')).toContainText('€0.49');
});

test('what is sold by weight has its grams and its price', async () => {
  await layInCart('Tomatoes', 'tomato');
  const { lines } = (await kiosk.snapshot()).cart;
  const [tomatoes] = lines;
  const grams = tomatoes?.weightGrams ?? 0;
  expect(grams).toBeGreaterThanOrEqual(90);
  expect(grams).toBeLessThanOrEqual(150);
  expect(tomatoes?.amountMinor).toBe(Math.round((grams * 299) / 1000));
  await expect(line('Tomatoes')).toContainText(new RegExp(`${grams}\\sg × €2\\.99/kg`));
});

test('what the shop does not sell is found by picture, by name and by number', async () => {
  const layStranger = async (productId: string) => {
    await kiosk.page.evaluate(
      (id) => window.demo?.request['demo:lay']({ productId: id }),
      productId,
    );
    await kiosk.event('unknown', { reason: 'unknown' });
    await expect(kiosk.page.getByRole('heading', { name: 'What is this?' })).toBeVisible();
  };
  await layStranger('keys');
  await kiosk.key('Drinks').click();
  await kiosk.key(/^Milk/).click();
  await kiosk.event('item-added', { product: 'milk', probability: null });

  await layStranger('wallet');
  await kiosk.page.getByRole('tab', { name: 'Name' }).click();
  for (const letter of 'pas') await kiosk.key(letter).click();
  await kiosk.key(/^Pasta/).click();
  await kiosk.event('item-added', { product: 'pasta', probability: null });

  await layStranger('tennis-ball');
  await kiosk.page.getByRole('tab', { name: 'Number' }).click();
  for (const digit of '4011') await kiosk.key(digit).click();
  await kiosk.key(/^Banana/).click();
  await kiosk.event('item-added', { product: 'banana', probability: null });

  await layStranger('toy-brick');
  await kiosk.key('Leave it out').click();
  await kiosk.event('left-out');
  await kiosk.sees('cart');
  expect((await kiosk.snapshot()).cart.itemCount).toBe(3);
});

test('a line that is wrong is put right', async () => {
  await layInCart('Orange', 'orange');
  await kiosk.key('Not this: Orange is wrong').click();
  await expect(kiosk.page.getByRole('heading', { name: 'Not Orange?' })).toBeVisible();
  await kiosk.key(/^Organic lemon/).click();
  await kiosk.event('corrected', { from: 'orange', to: 'lemon' });
  await expect(line('Organic lemon')).toHaveCount(1);
  await expect(line('Orange')).toHaveCount(0);
});

test('another language in mid-sale keeps the cart, and the next shopper finds the first', async () => {
  await kiosk.startByHand('Banana', 'Red apple');
  await kiosk.key('Language: English').click();
  await kiosk.key('Deutsch').click();
  await expect(line('Banane')).toContainText('0,29');
  await expect(line('Roter Apfel')).toHaveCount(1);
  await kiosk.key(/0,84.*bezahlen/).click();
  await kiosk.sees('receipt');
  await expect(kiosk.page.getByRole('heading', { name: 'Vielen Dank.' })).toBeVisible();
  await kiosk.key('Fertig').click();
  await kiosk.sees('welcome');
  await expect(kiosk.key('Start')).toBeVisible();
});

test('larger text, high contrast and lowered keys come at a touch and go with the shopper', async () => {
  await kiosk.startByHand('Banana');
  const textHeight = () =>
    kiosk.page
      .locator('.cart-line-name')
      .evaluate((element) => parseFloat(getComputedStyle(element).fontSize));
  const before = await textHeight();
  await kiosk.key('Easier to see and reach').click();
  for (const name of ['Larger text', 'High contrast', 'Lower the screen']) {
    await kiosk.page.locator('label', { hasText: name }).click();
    await expect(kiosk.page.getByRole('switch', { name })).toBeChecked();
  }
  await kiosk.key('Done').click();
  await expect.poll(textHeight).toBeGreaterThan(before);
  const high = await kiosk.page.evaluate(() =>
    [...document.querySelectorAll('.kiosk button:not(.touchable)')].flatMap((key) =>
      key.getBoundingClientRect().bottom < innerHeight / 2 ? (key.textContent ?? '') : [],
    ),
  );
  expect(high).toEqual([]);
  expect(await accessibilityFaults(kiosk.page)).toEqual([]);
  await kiosk.startOver();
  expect((await kiosk.snapshot()).display).toEqual({
    largerText: false,
    highContrast: false,
    lowered: false,
  });
});

test('nothing was refused by the security policy, and nothing was thrown', () => {
  expect(kiosk.complaints).toEqual([]);
});

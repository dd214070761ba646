import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { _electron, expect, test } from '@playwright/test';
import type { ElectronApplication, Page } from '@playwright/test';
import type { Result, RunOptions } from 'axe-core';
import { build } from 'vite';
import { sightNotices } from '../src/main/camera/sight-troubles.ts';
import type { Language } from '../src/shared/language.ts';
import type { Display } from '../src/shared/snapshot.ts';

const here = (file: string) => fileURLToPath(new URL(file, import.meta.url));
const axeSource = readFileSync(
  createRequire(import.meta.url).resolve('axe-core/axe.min.js'),
  'utf8',
);
const electronFile = [
  here(`../.runtime/electron/electron${process.platform === 'win32' ? '.exe' : ''}`),
  here('../.runtime/electron/Electron.app/Contents/MacOS/Electron'),
].find((file) => existsSync(file));

declare global {
  interface Window {
    readonly axe: {
      run(context: Document, options: RunOptions): Promise<{ violations: Result[] }>;
    };
  }
}

const plain: Display = { largerText: false, highContrast: false, lowered: false };
const portrait = { width: 1080, height: 1920 };
const landscape = { width: 1920, height: 1080 };

let folder: string;
let app: ElectronApplication;
let page: Page;
const complaints: string[] = [];

test.beforeAll(async () => {
  if (electronFile === undefined) throw new Error('no Electron under .runtime: run npm start once');
  folder = await mkdtemp(path.join(tmpdir(), 'freshlane-gallery-'));
  await build({
    configFile: here('gallery/vite.config.ts'),
    logLevel: 'warn',
    build: { outDir: path.join(folder, 'built'), emptyOutDir: true },
  });
  app = await _electron.launch({
    executablePath: electronFile,
    args: [
      here('gallery'),
      `--gallery=${path.join(folder, 'built')}`,
      `--user-data=${path.join(folder, 'user')}`,
      '--force-color-profile=srgb',
      '--force-device-scale-factor=1',
    ],
  });
  page = await app.firstWindow();
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  // Things that move are not to be measured while they do.
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.getByRole('heading', { level: 1 }).waitFor({ state: 'attached' });
  await page.evaluate(axeSource);
});

test.afterAll(async () => {
  await app?.close();
  await rm(folder, { recursive: true, force: true });
});

async function show(scene: string, language: Language = 'en', display: Display = plain) {
  await page.evaluate(
    async ([name, wish]) => {
      window.gallery.show(name, wish);
      await window.gallery.drawn();
    },
    [scene, { language, display }] as const,
  );
}

const sceneNames = () => page.evaluate(() => window.gallery.sceneNames);

async function faults(strong: boolean): Promise<readonly string[]> {
  return page.evaluate(async (enhanced) => {
    const { violations } = await window.axe.run(document, {
      resultTypes: ['violations'],
      rules: {
        'color-contrast-enhanced': { enabled: enhanced },
        // The root is what remains: a window, not a page among others.
        bypass: { enabled: false },
      },
    });
    return violations.flatMap(({ id, nodes }) =>
      nodes.map((node) => `${id}: ${node.html.slice(0, 120)} ${node.failureSummary ?? ''}`),
    );
  }, strong);
}

/** Keys too small to hit, and keys whose text does not fit. */
async function cramped(): Promise<readonly string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    for (const key of document.querySelectorAll<HTMLElement>('button, [role=tab], label')) {
      // The library's own way out of a dialog, for screen readers alone, is clipped to nothing.
      if (key.closest('[style*="clip"]') !== null || key.getClientRects().length === 0) continue;
      const { width, height } = key.getBoundingClientRect();
      const name = `${key.getAttribute('aria-label') ?? key.textContent}`;
      if (width < 44 || height < 44) found.push(`${name}: ${width} x ${height}`);
      if (key.scrollWidth > key.clientWidth) {
        found.push(`${name}: text ${key.scrollWidth} in ${key.clientWidth}`);
      }
    }
    const root = document.querySelector('.kiosk');
    for (const part of root?.querySelectorAll<HTMLElement>('header, .screen, .screen > *') ?? []) {
      const box = part.getBoundingClientRect();
      if (box.right > innerWidth + 1 || box.bottom > innerHeight + 1) {
        found.push(`${part.className} leaves the window: ${box.right} x ${box.bottom}`);
      }
      if (part.scrollWidth > part.clientWidth + 1 || part.scrollHeight > part.clientHeight + 1) {
        found.push(
          `${part.className} overflows: ${part.scrollWidth} x ${part.scrollHeight} in ` +
            `${part.clientWidth} x ${part.clientHeight}`,
        );
      }
    }
    return found;
  });
}

const views = [
  { name: 'English, portrait', language: 'en', size: portrait, display: plain },
  { name: 'German, landscape', language: 'de', size: landscape, display: plain },
  {
    name: 'German, portrait, larger text and high contrast',
    language: 'de',
    size: portrait,
    display: { largerText: true, highContrast: true, lowered: false },
  },
] as const;

for (const { name, language, size, display } of views) {
  test(`every screen stands up to axe: ${name}`, async () => {
    await page.setViewportSize(size);
    const found: string[] = [];
    for (const scene of await sceneNames()) {
      await show(scene, language, display);
      found.push(...(await faults(display.highContrast)).map((fault) => `${scene}: ${fault}`));
    }
    expect(found).toEqual([]);
  });
}

const everyDisplay = [plain, { ...plain, largerText: true }, { ...plain, lowered: true }];

for (const [name, size, languages] of [
  ['a tall screen', portrait, ['en', 'de']],
  ['a wide screen', landscape, ['de']],
  ['a small wide screen', { width: 1366, height: 768 }, ['de']],
  ['a small tall screen', { width: 800, height: 1280 }, ['de']],
  ['a tablet on its side', { width: 1280, height: 800 }, ['de']],
] as const) {
  test(`every key can be read and hit on ${name}`, async () => {
    await page.setViewportSize(size);
    const found: string[] = [];
    for (const scene of await sceneNames()) {
      for (const language of languages) {
        for (const display of everyDisplay) {
          await show(scene, language, display);
          const where = `${scene} ${JSON.stringify({ language, ...display })}`;
          found.push(...(await cramped()).map((fault) => `${where}: ${fault}`));
        }
      }
    }
    expect(found).toEqual([]);
  });
}

test('every way of looking up can be read and hit', async () => {
  const found: string[] = [];
  for (const size of [portrait, landscape]) {
    await page.setViewportSize(size);
    for (const lowered of [false, true]) {
      await show('lookup', 'de', { ...plain, lowered });
      for (const way of ['Bild', 'Name', 'Nummer']) {
        await page.getByRole('tab', { name: way }).click();
        found.push(
          ...(await cramped()).map((fault) => `${way}: ${fault}`),
          ...(await faults(false)),
        );
      }
    }
  }
  expect(found).toEqual([]);
});

test('what is said of the camera’s sight takes one line, also on a small screen in larger text', async () => {
  await page.setViewportSize({ width: 800, height: 480 });
  await show('cart', 'de', { ...plain, largerText: true });
  const lines: Record<string, number> = {};
  for (const notice of sightNotices) {
    lines[notice] = await page.evaluate(async (one) => {
      window.gallery.push(() => ({ notices: [one] }));
      await window.gallery.drawn();
      const words = document.createRange();
      words.selectNodeContents(document.querySelector('.notice')!.lastChild!);
      return words.getClientRects().length;
    }, notice);
  }
  expect(lines).toEqual(Object.fromEntries(sightNotices.map((notice) => [notice, 1])));
});

test('main keys are at least 104 px high on a screen 1080 wide', async () => {
  await page.setViewportSize(portrait);
  await show('cart');
  for (const name of ['Undo', 'Find item', 'Pay €5.91']) {
    const box = await page.getByRole('button', { name, exact: true }).last().boundingBox();
    expect(box?.height, name).toBeGreaterThanOrEqual(104);
  }
});

test('a capital of the larger text is at least 7.3 mm high', async () => {
  await page.setViewportSize(portrait);
  await show('cart', 'en', { ...plain, largerText: true });
  const smallest = await page.evaluate(() =>
    Math.min(
      ...[...document.querySelectorAll('.kiosk p, .kiosk button, .kiosk span')]
        .filter((element) => element.textContent !== '' && element.getClientRects().length > 0)
        .map((element) => Number.parseFloat(getComputedStyle(element).fontSize)),
    ),
  );
  // 21.5 inches of 1920 px are 4.03 px a millimetre; Figtree's capitals are 0.7 em.
  expect((smallest * 0.7) / 4.03).toBeGreaterThanOrEqual(7.25);
});

test('lowering the screen brings every key into the lower half', async () => {
  const high: string[] = [];
  for (const size of [portrait, landscape]) {
    await page.setViewportSize(size);
    for (const scene of await sceneNames()) {
      await show(scene, 'en', { ...plain, lowered: true });
      high.push(
        ...(await page.evaluate((name) => {
          const dialog = document.querySelector('.dialog');
          const keys = (dialog ?? document).querySelectorAll('button:not(.touchable), [role=tab]');
          return [...keys]
            .filter((key) => key.getBoundingClientRect().bottom < innerHeight / 2 + 44)
            .map((key) => `${name}: ${key.getAttribute('aria-label') ?? key.textContent}`);
        }, `${scene} ${size.width}`)),
      );
    }
  }
  expect(high).toEqual([]);
});

test('the language of the page follows', async () => {
  await show('cart', 'de');
  expect(await page.evaluate(() => document.documentElement.lang)).toBe('de');
  await page.getByRole('button', { name: 'Sprache: Deutsch' }).click();
  await page.getByRole('button', { name: 'English' }).click();
  await expect(page.getByRole('heading', { name: 'Your cart' })).toBeAttached();
  expect(await page.evaluate(() => document.documentElement.lang)).toBe('en');
});

test('a new screen gives its heading the focus, and a new snapshot does not', async () => {
  await show('ask-two');
  await expect(page.getByRole('heading', { name: 'Which one is it?' })).toBeFocused();
  const choice = page.getByRole('button', { name: /Bananas/ }).first();
  await choice.focus();
  await page.evaluate(() => window.gallery.push(() => ({ notices: ['camera-lost'] })));
  await expect(choice).toBeFocused();
  await expect(page.getByRole('status')).toContainText('The camera is away');
});

test('a double tap does not answer what comes up under it', async () => {
  await page.setViewportSize(portrait);
  const callCount = () => page.evaluate(() => window.gallery.calls.length);
  const secondTap = async () => {
    await page.mouse.down({ clickCount: 2 });
    await page.mouse.up({ clickCount: 2 });
  };
  await show('ask-two');
  const box = await page
    .getByRole('button', { name: /Bananas/ })
    .first()
    .boundingBox();
  if (box === null) throw new Error('nothing to choose');
  const calls = await callCount();
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  expect(await callCount()).toBe(calls + 1);
  await show('ask-four');
  await secondTap();
  expect(await callCount()).toBe(calls + 1);
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  expect(await page.evaluate(() => window.gallery.calls.at(-1)?.argument)).toMatchObject({
    questionId: 'ask:p4',
  });

  await show('cart');
  const before = await callCount();
  await page.getByRole('button', { name: 'One more Red pepper' }).click();
  await secondTap();
  expect(await callCount()).toBe(before + 2);
});

test('a full line has no more to add', async () => {
  await show('cart');
  await page.evaluate(() =>
    window.gallery.push((now) => ({
      cart: { ...now.cart, lines: now.cart.lines.map((line) => ({ ...line, quantity: 99 })) },
    })),
  );
  await expect(page.getByRole('button', { name: 'One more Red pepper' })).toBeDisabled();
  await expect(page.getByRole('button', { name: 'One Red pepper less' })).toBeEnabled();
});

test('Pay waits while a thing is being recognised, and then charges what it shows', async () => {
  await show('cart-looking');
  const waiting = page.getByRole('button', { name: /^One moment … Pay when/ });
  await expect(waiting).toHaveText('One moment …');
  await expect(waiting).toBeDisabled();
  const calls = await page.evaluate(() => window.gallery.calls.length);
  await waiting.focus();
  await page.keyboard.press('Enter');
  expect(await page.evaluate(() => window.gallery.calls.length)).toBe(calls);
  await page.evaluate(() =>
    window.gallery.push((now) =>
      now.screen.kind === 'cart' ? { screen: { ...now.screen, looking: false } } : {},
    ),
  );
  const pay = page.getByRole('button', { name: 'Pay €5.91' });
  await expect(pay).toBeFocused();
  await page.keyboard.press('Enter');
  expect(await page.evaluate(() => window.gallery.calls.at(-1))).toEqual({
    channel: 'sale:pay',
    argument: { totalMinor: 591 },
  });
});

test('what was refused is told in words, and moves nothing', async () => {
  await show('cart');
  const pay = page.getByRole('button', { name: /^Pay/ });
  const place = await pay.boundingBox();
  await page.evaluate(() => window.gallery.refuse('sale:pay', 'ledger'));
  await pay.click();
  const words = 'Nothing can be written down just now. Please ask our staff.';
  await expect(page.locator('.refusal-text')).toHaveText(words);
  await expect(page.getByRole('status')).toContainText(words);
  expect(await pay.boundingBox()).toEqual(place);
  await page.evaluate(() => window.gallery.refuse('sale:pay', null));
  await pay.click();
  await expect(page.locator('.refusal-text')).toHaveCount(0);
});

test('what was refused covers no key and no sum', async () => {
  const easier: Display = { ...plain, largerText: true, lowered: true };
  for (const size of [
    portrait,
    landscape,
    { width: 1280, height: 800 },
    { width: 800, height: 480 },
  ]) {
    await page.setViewportSize(size);
    for (const [language, display] of [
      ['en', plain],
      ['de', plain],
      ['de', easier],
    ] as const) {
      await show('cart', language, display);
      await page.evaluate(() => window.gallery.refuse('sale:pay', 'ledger'));
      await page.locator('.cart-pay').click();
      await expect(page.locator('.refusal-text')).toHaveCount(1);
      const covered = await page.evaluate(() => {
        const line = document.querySelector('.refusal-text')!.getBoundingClientRect();
        return [...document.querySelectorAll('button, .cart-total')]
          .filter((each) => {
            const { left, right, top, bottom } = each.getBoundingClientRect();
            return left < line.right && right > line.left && top < line.bottom && bottom > line.top;
          })
          .map((each) => each.textContent);
      });
      expect(covered, `${size.width} ${language}`).toEqual([]);
      await page.evaluate(() => window.gallery.refuse('sale:pay', null));
      await page.locator('.cart-pay').click();
      await expect(page.locator('.refusal-text')).toHaveCount(0);
    }
  }
  await page.setViewportSize(portrait);
});

test('a countdown goes on where the clock is set back', async () => {
  await show('receipt');
  const [before, after] = await page.evaluate(async () => {
    const closes = document.querySelector('.receipt-closes');
    if (closes === null) throw new Error('no countdown');
    const seconds = () => Number(/\d+/.exec(closes.textContent ?? '')?.[0]);
    const first = seconds();
    const { now } = Date;
    Date.now = () => now() - 3_600_000;
    await new Promise((resolve) => {
      const wish = { subtree: true, childList: true, characterData: true };
      new MutationObserver(resolve).observe(closes, wish);
    });
    Date.now = now;
    return [first, seconds()];
  });
  expect(after).toBeLessThan(before ?? 0);
});

test('a removal hands the focus on within its line, and says so', async () => {
  await show('cart');
  const remove = page.getByRole('button', { name: 'Take Standard milk' });
  await remove.focus();
  await page.keyboard.press('Enter');
  expect(await page.evaluate(() => window.gallery.calls.at(-1))).toEqual({
    channel: 'line:remove',
    argument: { lineId: 'line-milk' },
  });
  await page.evaluate(() =>
    window.gallery.push((now) => ({
      cart: {
        ...now.cart,
        lines: now.cart.lines.map((line) =>
          line.productId === 'milk' ? { ...line, removed: true } : line,
        ),
      },
    })),
  );
  await expect(page.getByRole('button', { name: 'Undo: put Standard milk' })).toBeFocused();
  await expect(page.getByRole('status')).toContainText('taken out');
});

test('what changes in quick succession is all said', async () => {
  await show('cart');
  await page.evaluate(async () => {
    for (const gone of ['milk', 'red-pepper']) {
      window.gallery.push((now) => ({
        cart: {
          ...now.cart,
          lines: now.cart.lines.map((line) =>
            line.productId === gone ? { ...line, removed: true } : line,
          ),
        },
      }));
      // A turn of its own, or both would be drawn as one change.
      await new Promise((drawn) => setTimeout(drawn));
    }
  });
  const said = page.getByRole('status');
  await expect(said).toContainText('Standard milk 1 l taken out');
  await expect(said).toContainText('Red pepper taken out');
});

test('a key that goes with its stage of paying leaves its focus to the heading', async () => {
  await show('paying');
  await page.getByRole('button', { name: 'Cancel the payment' }).focus();
  await page.evaluate(() =>
    window.gallery.push((now) =>
      now.screen.kind === 'paying'
        ? { screen: { ...now.screen, stage: { kind: 'checking' } } }
        : {},
    ),
  );
  const heading = page.getByRole('heading', { name: 'Checking. Do not pay again.' });
  await expect(heading).toBeFocused();
  await expect(page.getByRole('status')).toContainText('Do not pay again');
});

test('a growing line keeps the focus where it is, and moving it up too', async () => {
  await show('cart');
  const more = page.getByRole('button', { name: 'One more Red pepper' });
  await more.focus();
  await page.evaluate(() =>
    window.gallery.push((now) => {
      const lines = now.cart.lines.map((line) =>
        line.productId === 'red-pepper' ? { ...line, quantity: line.quantity + 1 } : line,
      );
      return {
        cart: {
          ...now.cart,
          lines: lines.toSorted(
            (one, other) =>
              Number(other.productId === 'tomato') - Number(one.productId === 'tomato'),
          ),
        },
      };
    }),
  );
  await expect(page.getByRole('status')).toContainText('Red pepper: 3.');
  await expect(more).toBeFocused();
});

test('the demo shop is played by keyboard alone', async () => {
  await page.setViewportSize(portrait);
  await show('welcome-demo');
  const lay = page.getByRole('button', { name: 'Lay Bananas on the tray' });
  await lay.focus();
  await page.keyboard.press('Enter');
  expect(await page.evaluate(() => window.gallery.calls.at(-1))).toEqual({
    channel: 'demo:lay',
    argument: { productId: 'banana' },
  });
  const take = page.getByRole('button', { name: 'Take Bananas from the tray' });
  await take.focus();
  await page.keyboard.press('Space');
  expect(await page.evaluate(() => window.gallery.calls.at(-1))).toEqual({
    channel: 'demo:take',
    argument: { instanceId: 'i1' },
  });
  await page.evaluate(() =>
    window.gallery.touch(window.gallery.touchables.filter((each) => each.instanceId !== 'i1')),
  );
  await expect(lay).toBeFocused();
});

test('the demo shows its world whole, with its keys where things are', async () => {
  for (const size of [portrait, landscape]) {
    await page.setViewportSize(size);
    await show('cart-demo');
    await page.evaluate(() => window.gallery.drawFrame(true));
    const key = await page.getByRole('button', { name: 'Lay Bananas on the tray' }).boundingBox();
    const canvas = await page.locator('canvas').boundingBox();
    if (key === null || canvas === null) throw new Error('nothing is shown');
    expect(canvas.width / canvas.height).toBeCloseTo(4 / 3, 1);
    expect(key.x - canvas.x).toBeCloseTo(0.04 * canvas.width, 0);
    expect(key.y - canvas.y).toBeCloseTo(0.05 * canvas.height, 0);
  }
});

test('a stream of frames ends with the newest on the screen', async () => {
  await show('cart');
  await page.evaluate(async () => {
    for (let round = 0; round < 30; round += 1) await window.gallery.drawFrame(round % 2 === 0);
    await window.gallery.drawFrame(false);
  });
  const canvas = page.locator('canvas');
  await expect
    .poll(() => canvas.evaluate((element: HTMLCanvasElement) => element.width))
    .toBe(1024);
  const shelf = await canvas.evaluate((element: HTMLCanvasElement) => {
    const [red = 0, , blue = 0] = element.getContext('2d')?.getImageData(512, 183, 1, 1).data ?? [];
    return red - blue;
  });
  // The demo's shelf board is brown at this place; the plain tray is grey.
  expect(shelf).toBeLessThan(40);
});

test('a product is found by typing, with the keys of the screen and those of a keyboard', async () => {
  await show('lookup');
  await page.getByRole('tab', { name: 'Name' }).click();
  for (const letter of ['l', 'e', 'm']) {
    await page.getByRole('button', { name: letter, exact: true }).click();
  }
  await expect(page.getByRole('textbox')).toHaveValue('lem');
  await page.getByRole('textbox').focus();
  await page.keyboard.type('on');
  await page.getByRole('button', { name: /^Lemon/ }).click();
  expect(await page.evaluate(() => window.gallery.calls.at(-1))).toEqual({
    channel: 'product:choose',
    argument: { questionId: 'find-item', productId: 'lemon' },
  });
  await page.getByRole('tab', { name: 'Number' }).click();
  for (const digit of '94011') {
    await page.getByRole('button', { name: digit, exact: true }).click();
  }
  await page.getByRole('button', { name: /^Bananas.*Organic/ }).click();
  expect(await page.evaluate(() => window.gallery.calls.at(-1))).toEqual({
    channel: 'product:choose',
    argument: { questionId: 'find-item', productId: 'banana-organic' },
  });
});

test('nothing was refused by the content security policy, and nothing was thrown', () => {
  expect(complaints).toEqual([]);
});

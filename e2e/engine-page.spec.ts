import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, expect, test } from '@playwright/test';
import type { ElectronApplication, Page } from '@playwright/test';
import { accessibilityFaults } from './accessibility.ts';
import { serveEngine } from './engine.ts';
import type { Engine } from './engine.ts';
import { cleanEnvironment, projectFolder } from './kiosk.ts';

const savesPictures = process.env['UPDATE_SCREENS'] === '1';

let folder: string;
let engine: Engine;

test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'freshlane-page-'));
  const data = join(folder, 'data');
  // The demo shop's project is one that was really trained.
  cpSync(join(projectFolder, '.runtime/demo-project'), data, { recursive: true });
  engine = await serveEngine(data);
});
test.afterAll(async () => {
  await engine?.kill();
  rmSync(folder, { recursive: true, force: true });
});

interface Browser {
  readonly app: ElectronApplication;
  readonly page: Page;
  readonly complaints: string[];
}

async function openBrowser(size: string, languages: string): Promise<Browser> {
  const app = await _electron.launch({
    executablePath: join(projectFolder, '.runtime/electron/electron'),
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      join(projectFolder, 'e2e/browser'),
      `--user-data=${mkdtempSync(join(folder, 'user-'))}`,
      `--size=${size}`,
      `--languages=${languages}`,
    ],
    env: cleanEnvironment(),
  });
  const page = await app.firstWindow();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(engine.ready.endpoint);
  return { app, page, complaints };
}

function somePhoto(): string {
  const photos = join(folder, 'data/photos');
  const [shelf = ''] = readdirSync(photos);
  const [photo = ''] = readdirSync(join(photos, shelf));
  return join(photos, shelf, photo);
}

async function signIn(page: Page): Promise<void> {
  await page.locator('input[type=password]').fill(engine.ready.trainingKey);
  await page.locator('button[type=submit]').click();
  await page.locator('.project-card').first().waitFor();
}

async function picture(page: Page, name: string): Promise<void> {
  if (!savesPictures) return;
  await page.screenshot({ path: join(projectFolder, 'docs/screens', `${name}.png`) });
}

test('who has the key sees what the engine knows, tries a photo and publishes', async () => {
  const { app, page, complaints } = await openBrowser('1920x1080', 'en-GB');
  try {
    await page.getByLabel('Training key').fill('no such key');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect(page.getByRole('alert')).toHaveText(
      'This is not the training key of this engine.',
    );
    // The browser itself notes the refusal.
    complaints.length = 0;
    await signIn(page);
    const card = page.locator('.project-card').first();
    await expect(card).toContainText('Published as demo');
    await card.click();

    const thumbs = page.locator('.photo-grid img');
    await expect.poll(() => thumbs.count()).toBe(60);
    await expect
      .poll(() => thumbs.first().evaluate((image: HTMLImageElement) => image.naturalWidth))
      .toBeGreaterThan(0);
    await picture(page, 'engine-photos');
    await page.getByRole('button', { name: 'Show more' }).click();
    await expect.poll(() => thumbs.count()).toBe(120);
    await page.getByRole('button', { name: /^Tomato/i }).click();
    await thumbs.first().click();
    const large = page.getByRole('dialog', { name: /Photo: tomato/i });
    await expect
      .poll(() => large.getByRole('img').evaluate((image: HTMLImageElement) => image.naturalWidth))
      .toBeGreaterThan(0);
    await page.keyboard.press('Escape');
    await expect(large).toHaveCount(0);

    await page.getByRole('link', { name: 'Performance' }).click();
    await expect(page.getByText('Measured on photos')).toBeVisible();
    await expect(page.locator('.rates .large').first()).toHaveText(/^(?:9\d|100)\.\d%$/);
    const right = page.locator('.confusion [data-kind=right]');
    await expect.poll(() => right.count()).toBeGreaterThan(9);
    expect(await accessibilityFaults(page)).toEqual([]);
    await picture(page, 'engine-performance');

    await page.getByRole('button', { name: 'Unpublish' }).click();
    await page.getByRole('button', { name: 'Publish', exact: true }).click();
    const publishing = page.getByRole('dialog');
    await page.getByLabel('Name to publish it under').fill('by the door');
    await page.keyboard.press('Enter');
    await expect(publishing.getByRole('alert')).toContainText('letters, digits, dots');
    // The browser itself notes the refusal.
    complaints.length = 0;
    await page.getByLabel('Name to publish it under').fill('counter');
    await publishing.getByRole('button', { name: 'Publish' }).click();
    await expect(publishing).toHaveCount(0);
    await expect(page.locator('.published')).toHaveText('Published as counter');

    await page.getByRole('link', { name: 'Try a photo' }).click();
    await page.locator('input[type=file]').setInputFiles(somePhoto());
    await expect(page.locator('.predictions li').first()).toContainText(/\d+\.\d%/);
    expect(await accessibilityFaults(page)).toEqual([]);
    await picture(page, 'engine-try');

    await page.reload();
    await expect(page.getByRole('link', { name: 'Try a photo' })).toBeVisible();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await expect(page.getByLabel('Training key')).toBeVisible();
    expect(complaints).toEqual([]);
  } finally {
    await app.close();
  }
});

/** A request of the training API. */
async function ask<T>(path: string, body?: unknown): Promise<T> {
  const answer = await fetch(`${engine.ready.endpoint}/customvision/v3.3/training/${path}`, {
    method: 'POST',
    headers: { 'Training-Key': engine.ready.trainingKey },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(await answer.text());
  return (await answer.json()) as T;
}

/** General, of the service's domains for detection. */
const detectionDomain = 'da2e3a8a-40a5-4171-82f4-58522f70fbc1';

interface Made {
  readonly id: string;
}

test('a photo of a detection project shows where its things are', async () => {
  const project = await ask<Made>(`projects?name=Trays&domainId=${detectionDomain}`);
  const tag = await ask<Made>(`projects/${project.id}/tags?name=lemon`);
  await ask(`projects/${project.id}/images/files`, {
    images: [
      {
        contents: readFileSync(somePhoto()).toString('base64'),
        regions: [{ tagId: tag.id, left: 0.25, top: 0.5, width: 0.5, height: 0.25 }],
      },
    ],
  });
  const { app, page, complaints } = await openBrowser('1366x768', 'en-GB');
  try {
    await signIn(page);
    await page.getByRole('link', { name: 'Trays' }).press('Enter');
    await page.locator('.photo-grid button').press('Enter');
    const large = page.getByRole('dialog', { name: 'Photo: lemon' });
    const box = large.locator('.box');
    await expect(box).toHaveText('lemon');
    const image = large.getByRole('img');
    await expect
      .poll(() => image.evaluate((each: HTMLImageElement) => each.naturalWidth))
      .toBeGreaterThan(0);
    const [around, inside] = [(await image.boundingBox())!, (await box.boundingBox())!];
    expect((inside.x - around.x) / around.width).toBeCloseTo(0.25, 1);
    expect((inside.y - around.y) / around.height).toBeCloseTo(0.5, 1);
    expect(inside.width / around.width).toBeCloseTo(0.5, 1);
    expect(await accessibilityFaults(page)).toEqual([]);
    expect(complaints).toEqual([]);
  } finally {
    await app.close();
  }
});

test('in German and upright nothing runs over', async () => {
  const { app, page, complaints } = await openBrowser('1080x1920', 'de-DE');
  try {
    await expect(page.getByLabel('Trainingsschlüssel')).toBeVisible();
    await signIn(page);
    const overflow = () =>
      page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(await overflow()).toBeLessThanOrEqual(0);
    await page.locator('.project-card').first().click();
    for (const name of ['Fotos', 'Güte', 'Foto prüfen']) {
      await page.getByRole('link', { name, exact: true }).click();
      await expect(page.locator('.tabs [aria-current=page]')).toHaveText(name);
      await expect(page.locator('[aria-busy=true]')).toHaveCount(0);
      expect(await overflow()).toBeLessThanOrEqual(0);
      expect(await accessibilityFaults(page)).toEqual([]);
    }
    expect(complaints).toEqual([]);
  } finally {
    await app.close();
  }
});

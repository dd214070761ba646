import { defineConfig } from '@playwright/test';

/** These play their own pages and not the kiosk: of the packed app they would say nothing. */
const withoutKiosk = ['engine-page.spec.ts', 'gallery.spec.ts', 'live-camera.spec.ts'];

export default defineConfig({
  testDir: 'e2e',
  testIgnore: process.env['FRESHLANE_EXECUTABLE'] === undefined ? [] : withoutKiosk,
  // One kiosk at a time: two cores are shared by main, windows, engine and a software GPU.
  workers: 1,
  fullyParallel: false,
  retries: 0,
  forbidOnly: true,
  // What is well takes a part of it; a busy machine may take three times as long as a free one.
  timeout: 240_000,
  expect: { timeout: 45_000 },
  outputDir: 'test-results',
  reporter: [['list']],
});

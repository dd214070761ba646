import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: 'e2e',
  // One kiosk at a time: two cores are shared by main, windows, engine and a software GPU.
  workers: 1,
  fullyParallel: false,
  retries: 0,
  forbidOnly: true,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  outputDir: 'test-results',
  reporter: [['list']],
});

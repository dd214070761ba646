import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // By itself it leaves a core out, which on two is half of them.
    maxWorkers: '100%',
    include: [
      'src/**/*.test.ts',
      'bench/**/*.test.ts',
      'src/**/*.test.tsx',
      'scripts/**/*.test.mjs',
    ],
    // What is well takes none of it. The demo shop is trained beside these, and a busy machine may
    // take three times as long as a free one.
    testTimeout: 240_000,
    hookTimeout: 240_000,
    expect: { poll: { timeout: 30_000 } },
  },
});

import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { build } from 'vite';
import { bundleForTests } from '../../src/main/testing/bundle-for-tests.ts';
import type { TestBundle } from '../../src/main/testing/bundle-for-tests.ts';

/** Builds the spec's own small app: main, the real preload and the real hidden pages. */
export async function buildLiveCameraApp(): Promise<TestBundle> {
  const bundle = await bundleForTests(
    {
      main: 'e2e/live-camera/main.ts',
      preload: 'src/preload/window.ts',
      'pictures-worker': 'src/main/camera/pictures-worker.ts',
      'webcam-host': 'src/main/camera/webcam/webcam-host.ts',
    },
    'cjs',
  );
  for (const page of ['capture', 'tray-scene']) {
    await build({
      configFile: false,
      logLevel: 'error',
      root: resolve('src/renderer', page),
      base: './',
      build: { outDir: join(bundle.folder, 'pages', page), target: 'chrome130' },
    });
  }
  const manifest = { name: 'live-camera', version: '0.0.0', main: 'main.cjs' };
  await writeFile(join(bundle.folder, 'package.json'), JSON.stringify(manifest));
  return bundle;
}

import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { build } from 'vite';
import { bundleForTests } from '../../../src/main/testing/bundle-for-tests.ts';
import type { TestBundle } from '../../../src/main/testing/bundle-for-tests.ts';
import { electronFile, sandboxSwitches } from '../../kiosk.ts';
import type { FilmJob } from './messages.ts';

/** Decodes films by Chromium's own decoder, in one start of Electron; each job's folder tells how it went. */
export async function runDecoder(jobs: readonly FilmJob[]): Promise<void> {
  const bundle = await buildDecoder();
  try {
    await writeFile(join(bundle.folder, 'jobs.json'), JSON.stringify(jobs));
    await runElectron(bundle.folder);
  } finally {
    await bundle.remove();
  }
}

async function buildDecoder(): Promise<TestBundle> {
  const bundle = await bundleForTests({ main: 'bench/films/decode/main.ts' }, 'cjs');
  await build({
    configFile: false,
    logLevel: 'error',
    root: resolve('bench/films/decode/page'),
    base: './',
    build: { outDir: join(bundle.folder, 'page'), target: 'chrome130' },
  });
  const manifest = { name: 'film-decoder', version: '0.0.0', main: 'main.cjs' };
  await writeFile(join(bundle.folder, 'package.json'), JSON.stringify(manifest));
  return bundle;
}

function runElectron(folder: string): Promise<void> {
  const args = [
    resolve('scripts/in-display.mjs'),
    electronFile,
    ...sandboxSwitches,
    folder,
    `--user-data-dir=${join(folder, 'data')}`,
  ];
  // An editor's terminal sets this; with it Electron is a plain Node.
  const { ELECTRON_RUN_AS_NODE: _unwanted, ...env } = process.env;
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said = `${said}${text}`.slice(-4000);
    });
    child.on('error', fail);
    child.on('close', (code) => {
      if (code === 0) done();
      else fail(new Error(`The decoder ended with ${code}:\n${said}`));
    });
  });
}

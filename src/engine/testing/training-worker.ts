import { mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { build } from 'vite';

import { removeFolder } from './folders.ts';

export interface BuiltWorker {
  readonly url: URL;
  readonly remove: () => void;
}

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** Builds the training thread's entry: Node loads no TypeScript. */
export async function buildTrainingWorker(): Promise<BuiltWorker> {
  // Inside the project, so that the packages that stay outside the bundle are found.
  mkdirSync(join(root, 'out'), { recursive: true });
  const folder = mkdtempSync(join(root, 'out', 'training-worker-'));
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    build: { ssr: join(root, 'src/engine/training-worker.ts'), outDir: folder, emptyOutDir: false },
  });
  return {
    url: pathToFileURL(join(folder, 'training-worker.js')),
    remove: () => removeFolder(folder),
  };
}

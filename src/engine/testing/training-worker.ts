import { mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { build } from 'vite';

import { removeFolder } from './folders.ts';

export interface BuiltWorker {
  readonly url: URL;
  readonly remove: () => void;
}

export interface BuiltPrograms {
  /** Holds `NAME.js` for each. */
  readonly folder: string;
  readonly remove: () => void;
}

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** Builds entries of the engine: Node loads no TypeScript. */
export async function buildPrograms(
  names: readonly ('cli' | 'inference-worker' | 'training-worker')[],
): Promise<BuiltPrograms> {
  // Inside the project, so that the packages that stay outside the bundle are found.
  mkdirSync(join(root, 'out'), { recursive: true });
  const folder = mkdtempSync(join(root, 'out', 'engine-programs-'));
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: true,
      outDir: folder,
      emptyOutDir: false,
      rolldownOptions: {
        input: Object.fromEntries(names.map((name) => [name, join(root, `src/engine/${name}.ts`)])),
      },
    },
  });
  return { folder, remove: () => removeFolder(folder) };
}

/** The training thread's entry alone. */
export async function buildTrainingWorker(): Promise<BuiltWorker> {
  const { folder, remove } = await buildPrograms(['training-worker']);
  return { url: pathToFileURL(join(folder, 'training-worker.js')), remove };
}

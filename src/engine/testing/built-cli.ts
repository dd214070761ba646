import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

import { build } from 'vite';

import { removeFolder } from './folders.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** The engine's command line as its users run it. */
export interface BuiltCli {
  readonly start: (...args: readonly string[]) => ChildProcessWithoutNullStreams;
  readonly run: (...args: readonly string[]) => Promise<Finished>;
  readonly remove: () => void;
}

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export async function buildCli(): Promise<BuiltCli> {
  // Inside the project, so that the packages that stay outside the bundle are found.
  mkdirSync(join(root, 'out'), { recursive: true });
  const built = mkdtempSync(join(root, 'out', 'engine-cli-'));
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    build: { ssr: join(root, 'src/engine/cli.ts'), outDir: built, emptyOutDir: false },
  });
  const start = (...args: readonly string[]): ChildProcessWithoutNullStreams =>
    spawn(process.execPath, [join(built, 'cli.js'), ...args]);
  return {
    start,
    async run(...args) {
      const child = start(...args);
      const [stdout, stderr, [code]] = await Promise.all([
        text(child.stdout),
        text(child.stderr),
        once(child, 'close') as Promise<[number | null]>,
      ]);
      return { code, stdout, stderr };
    },
    remove: () => removeFolder(built),
  };
}

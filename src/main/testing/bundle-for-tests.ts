import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'vite';

export interface TestBundle {
  readonly folder: string;
  remove(): Promise<void>;
}

/**
 * Builds entries (name → source file, from the project's root) into a folder of their own, as
 * `name.mjs` or `name.cjs`: Node and Electron load no TypeScript.
 */
export async function bundleForTests(
  entries: Readonly<Record<string, string>>,
  format: 'es' | 'cjs' = 'es',
): Promise<TestBundle> {
  const folder = await mkdtemp(join(tmpdir(), 'freshlane-test-'));
  // Each for itself: a sandboxed preload cannot load a chunk that it shares with another entry.
  for (const [name, source] of Object.entries(entries)) {
    await bundleOne(name, resolve(source), folder, format);
  }
  await symlink(resolve('node_modules'), join(folder, 'node_modules'), 'junction');
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

async function bundleOne(
  name: string,
  source: string,
  folder: string,
  format: 'es' | 'cjs',
): Promise<void> {
  await build({
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: ['zod'], external: ['electron', '@napi-rs/canvas', 'node-webcam'] },
    build: {
      ssr: true,
      outDir: folder,
      emptyOutDir: false,
      minify: false,
      rolldownOptions: {
        input: { [name]: source },
        output: { format, entryFileNames: format === 'es' ? '[name].mjs' : '[name].cjs' },
      },
    },
  });
}

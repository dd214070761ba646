import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'vite';

const projectFolder = fileURLToPath(new URL('../../../', import.meta.url));

/**
 * Bundles an entry into `folder`, so that a test can run it as a thread or a process of its own;
 * Node 20 does not run TypeScript. Answers where the bundle lies.
 */
export async function bundleForTest(entry: URL, name: string, folder: string): Promise<URL> {
  await mkdir(folder, { recursive: true });
  // Packages stay outside the bundle: native ones cannot go in.
  await symlink(join(projectFolder, 'node_modules'), join(folder, 'node_modules')).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    },
  );
  await build({
    configFile: false,
    logLevel: 'error',
    root: projectFolder,
    build: {
      ssr: fileURLToPath(entry),
      outDir: folder,
      emptyOutDir: false,
      rollupOptions: { output: { entryFileNames: `${name}.mjs` } },
    },
  });
  return pathToFileURL(join(folder, `${name}.mjs`));
}

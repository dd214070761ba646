import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** `assets/models` of the package that the entry point lies in, however deep it was built to. */
export function defaultModelDir(entryUrl: string): string {
  let folder = dirname(fileURLToPath(entryUrl));
  for (;;) {
    const candidate = join(folder, 'assets', 'models');
    if (existsSync(join(candidate, 'backbone.json'))) return candidate;
    const parent = dirname(folder);
    if (parent === folder) return join(dirname(fileURLToPath(entryUrl)), 'assets', 'models');
    folder = parent;
  }
}

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

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

/** The built `NAME.ts`: beside the program, or above what the program was split into. */
export function builtWorker(moduleUrl: string, name: 'inference-worker' | 'training-worker'): URL {
  const folder = dirname(fileURLToPath(moduleUrl));
  const places = [folder, dirname(folder)].map((place) => join(place, `${name}.js`));
  return pathToFileURL(places.find((place) => existsSync(place)) ?? places[0]!);
}

/**
 * Where the set-up has made the detector, or the packed app carries it; the folder need not be
 * there.
 */
export function defaultDetectorDir(moduleUrl: string): string {
  const start = dirname(fileURLToPath(moduleUrl));
  for (let folder = start; ; folder = dirname(folder)) {
    const places = [join(folder, '.runtime', 'models'), join(folder, 'models')];
    const found = places.find((place) => existsSync(join(place, 'detector.json')));
    if (found !== undefined) return found;
    if (dirname(folder) === folder) return join(start, 'models');
  }
}

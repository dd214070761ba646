import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { spawn } from 'node:child_process';
import { electronFile, requireBuild, sandboxSwitches } from './kiosk.ts';

type Rendered = 'script' | 'film' | 'placements' | 'trays';

const scene = ['src/renderer/tray-scene', 'src/shared/capture.ts', 'src/shared/contracts/scene.ts'];
const script = [...scene, 'src/main/batch-render/tray-script.ts'];

/** All that decides what the virtual tray's pictures look like. */
const sources: Readonly<Record<Rendered, readonly string[]>> = {
  script: [...script, 'src/main/batch-render/render-script.ts', 'src/shared/thumb.ts'],
  film: script,
  trays: [
    ...scene,
    'src/main/batch-render/tray-pictures.ts',
    'src/main/batch-render/placement-set.ts',
  ],
  placements: [
    ...scene,
    'src/main/batch-render/photograph.ts',
    'src/main/batch-render/placement-set.ts',
    'src/main/tray',
    'src/shared/item-crop.ts',
    'src/shared/item-mask.ts',
  ],
};

/** What `--seed` says to the batch renderer, unless asked for another. */
export const renderSeed = 1;

/**
 * The folder of a reel that the app has rendered, kept under `.runtime/bench` until the scene or
 * the script changes. Without a graphics card the first time takes some minutes.
 */
export async function renderedFolder(what: Rendered, seed = renderSeed): Promise<string> {
  const name = seed === renderSeed ? what : `${what}-${seed}`;
  const folder = resolve('.runtime', 'bench', name);
  const stampFile = join(folder, 'stamp');
  const mark = await markOf(sources[what], seed);
  if (existsSync(stampFile) && (await readFile(stampFile, 'utf8')) === mark) return folder;
  requireBuild();
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  process.stderr.write(`Rendering the ${name} once; this takes some minutes.\n`);
  await run([
    ...sandboxSwitches,
    resolve('scripts', 'batch-render'),
    ...[what, folder],
    `--data=${resolve('.runtime', 'bench', 'data')}`,
    `--seed=${seed}`,
  ]);
  await writeFile(stampFile, mark);
  return folder;
}

async function markOf(paths: readonly string[], seed: number): Promise<string> {
  const hash = createHash('sha256').update(String(seed));
  for (const path of paths) {
    const files = path.endsWith('.ts')
      ? [path]
      : (await readdir(path, { recursive: true }))
          .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
          .toSorted()
          .map((name) => join(path, name));
    for (const file of files) hash.update(file).update(await readFile(file));
  }
  return hash.digest('hex');
}

function run(args: readonly string[]): Promise<void> {
  return new Promise((done, fail) => {
    const child = spawn(electronFile, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said = `${said}${text}`.slice(-4000);
    });
    child.on('error', fail);
    child.on('close', (code) => {
      if (code === 0) done();
      else fail(new Error(`Rendering ended with ${code}:\n${said}`));
    });
  });
}

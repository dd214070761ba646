import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { withDisplay } from './display.mjs';
import { runBatchRender } from './electron.mjs';
import { fingerprint, isStamped, stamp } from './fingerprint.mjs';
import { SetupError, step } from './progress.mjs';
import { inProject } from './project.mjs';
import { removeStartingWith } from './leftovers.mjs';
import { runToEnd } from './run.mjs';

/** All that decides what the demo shop's project looks like once it is trained. */
const SOURCES = [
  'assets/models',
  'src/engine/model',
  'src/engine/training',
  'src/main/batch-render',
  'src/main/tray',
  'src/renderer/tray-scene',
  'src/shared/demo-products.ts',
  'src/shared/float16.ts',
  'src/shared/item-crop.ts',
  'src/shared/item-mask.ts',
  'src/shared/seeded-random.ts',
];

/** The engine's data folder of the demo shop: a project trained on the virtual tray's products. */
export const demoProjectDir = inProject('.runtime', 'demo-project');

const stampFile = path.join(demoProjectDir, '.freshlane-demo');
const engine = inProject('out', 'main', 'engine.js');

/** Whether the demo shop's project is trained by the code and on the products as they are. */
export function isDemoProjectCurrent() {
  return isStamped(stampFile, fingerprint(SOURCES));
}

/** Trains the demo shop's project where that is due. It needs a build and an Electron. */
export async function trainDemoProjectIfDue() {
  if (isDemoProjectCurrent() || !existsSync(engine)) return;
  await step("Training the demo shop's project", trainDemoProject);
}

/**
 * Renders pictures of the virtual tray's products and trains the engine on them. The project's
 * folder appears at the end, whole.
 */
export async function trainDemoProject() {
  const mark = fingerprint(SOURCES);
  const parent = path.dirname(demoProjectDir);
  await mkdir(parent, { recursive: true });
  await removeStartingWith(parent, 'training-');
  const fresh = await mkdtemp(path.join(parent, 'training-'));
  const pictures = path.join(fresh, 'pictures');
  const data = path.join(fresh, 'data');
  try {
    const rendered = await withDisplay((env) => runBatchRender(['training', pictures], env));
    refuseFailure('Rendering the training pictures', rendered);
    const project = ['--project', 'Demo shop', '--publish', 'demo'];
    // The pictures are turned and lit in many ways already.
    const args = ['train', '--data', data, ...project, '--from', pictures, '--views', '2'];
    refuseFailure('Training', await runToEnd(process.execPath, [engine, ...args]));
    stamp(path.join(data, path.basename(stampFile)), mark);
    await rm(demoProjectDir, { recursive: true, force: true });
    await rename(data, demoProjectDir);
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

/**
 * @param {string} what
 * @param {{ status: number, output: string }} result
 */
function refuseFailure(what, { status, output }) {
  if (status !== 0) throw new SetupError(`${what} failed:\n${output.trim()}`);
}

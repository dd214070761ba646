import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { app, protocol } from 'electron';
import { appScheme, serveApp } from '../app/app-protocol.ts';
import { lockDown } from '../app/lock-down.ts';
import { logLine } from '../../shared/log-line.ts';
import { createLog } from '../../shared/log.ts';
import { pathsFrom } from '../app/paths.ts';
import { openScenePort } from '../devices/camera/tray/scene-port.ts';
import { photoSide } from '../lane/item-look.ts';
import { BatchOptionsError, parseBatchOptions } from './batch-options.ts';
import type { BatchOptions } from './batch-options.ts';
import { placementSet } from './placement-set.ts';
import { renderFilm, renderScript } from './render-script.ts';
import { trainingSet } from './training-set.ts';
import { trayPictureSet, writeTrays } from './tray-pictures.ts';
import { itemFilm, longScript } from './tray-script.ts';
import { writePictures } from './write-pictures.ts';

/*
 * Renders pictures of the virtual tray into a folder and ends: for set-up and benches, and in no package.
 * Arguments as in batch-options.ts.
 */

/** Longest side of a picture to train on: what the engine looks at has fewer pixels still. */
const trainingSide = 256;
const exitCodes = { wrongUse: 2, failed: 1 } as const;

const log = createLog((event) => process.stderr.write(logLine(event, new Date())));
const options = readOptions();
const paths = pathsFrom({ app: resolve(import.meta.dirname, '..', '..'), resources: null });

if (options.data !== null) {
  mkdirSync(options.data, { recursive: true });
  app.setPath('userData', options.data);
}
// The scene's window comes and goes.
app.on('window-all-closed', () => undefined);
protocol.registerSchemesAsPrivileged([appScheme]);
// The virtual tray is WebGL; a machine without a GPU draws it in software.
app.commandLine.appendSwitch('enable-unsafe-swiftshader');
lockDown();
void render(options);

async function render({ batch, folder, seed }: BatchOptions): Promise<void> {
  // Whoever ends it before its end has half of the pictures, which must not pass for all.
  app.on('before-quit', () => app.exit(exitCodes.failed));
  await app.whenReady();
  const port = openScenePort({
    paths,
    log,
    serve: (to) =>
      serveApp(to, {
        rendererFolder: paths.renderer,
        productFolder: paths.productPictures,
        photo: () => null,
      }),
  });
  const progress = (done: number, total: number): void => {
    if (done % 50 === 0 || done === total) process.stderr.write(`${done} of ${total}\n`);
  };
  try {
    switch (batch) {
      case 'training':
        await writePictures(port, trainingSet(seed), folder, trainingSide, progress);
        break;
      case 'placements':
        await writePictures(port, placementSet(seed), folder, photoSide, progress);
        break;
      case 'trays':
        await writeTrays(port, trayPictureSet(seed), folder, progress);
        break;
      case 'script':
        await renderScript(port, longScript(seed), folder, progress);
        break;
      case 'film':
        await renderFilm(port, itemFilm(seed), folder, progress);
        break;
    }
    app.exit(0);
  } catch (error) {
    log.error('rendering-failed', { error: String(error) });
    app.exit(exitCodes.failed);
  }
}

function readOptions(): BatchOptions {
  // Before this script's own path stand Electron's and Chromium's switches.
  const scriptAt = process.argv.findIndex((part, index) => index > 0 && !part.startsWith('-'));
  try {
    return parseBatchOptions(process.argv.slice(scriptAt + 1), process.cwd());
  } catch (error) {
    if (!(error instanceof BatchOptionsError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(exitCodes.wrongUse);
  }
}

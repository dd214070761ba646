import { createWriteStream } from 'node:fs';
import type { WriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import type { FilmScript, TrayScript } from '../../shared/capture.ts';
import type { ScenePort } from '../camera/tray/tray-camera.ts';
import { runBatch } from './scene-batch.ts';

/** What lies beside the pictures: which step each belongs to. It is written last. */
export interface Reel<S extends TrayScript = TrayScript> {
  readonly script: S;
  readonly frames: readonly { readonly step: number; readonly resting: boolean }[];
}

export interface ThumbReel extends Reel {
  readonly width: number;
  readonly height: number;
}

/** Writes `thumbs.grey`, `.cb` and `.cr`, the thumbs one after another a byte a pixel, and `reel.json`. */
export async function renderScript(
  port: ScenePort,
  script: TrayScript,
  folder: string,
  progress: (done: number, total: number) => void,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const frames: { step: number; resting: boolean }[] = [];
  let size = { width: 0, height: 0 };
  const files = ['thumbs.grey', 'thumbs.cb', 'thumbs.cr'].map((name) => join(folder, name));
  await writing(files, ([greys, cbs, crs]) =>
    runBatch(
      port,
      'scene:script',
      { requestId: 1, script },
      {
        'scene:scripted': ({ thumbs }) => {
          for (const { grey, chroma, width, height, step, resting } of thumbs) {
            greys?.write(grey);
            cbs?.write(chroma.cb);
            crs?.write(chroma.cr);
            size = { width, height };
            frames.push({ step, resting });
          }
          progress((frames.at(-1)?.step ?? 0) + 1, script.steps.length);
        },
      },
    ),
  );
  const reel: ThumbReel = { script, frames, ...size };
  await writeFile(join(folder, 'reel.json'), JSON.stringify(reel));
}

/** Writes `film.mjpeg`, JPEGs one after another as Chromium's pretended camera takes them. */
export async function renderFilm(
  port: ScenePort,
  film: FilmScript,
  folder: string,
  progress: (done: number, total: number) => void,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const frames: { step: number; resting: boolean }[] = [];
  await writing([join(folder, 'film.mjpeg')], ([file]) =>
    runBatch(
      port,
      'scene:film',
      { requestId: 1, film },
      {
        'scene:filmed': ({ jpeg, step, resting }) => {
          file?.write(jpeg);
          if (step !== (frames.at(-1)?.step ?? -1)) progress(step + 1, film.steps.length);
          frames.push({ step, resting });
        },
      },
    ),
  );
  const reel: Reel<FilmScript> = { script: film, frames };
  await writeFile(join(folder, 'reel.json'), JSON.stringify(reel));
}

async function writing(
  paths: readonly string[],
  work: (files: readonly WriteStream[]) => Promise<void>,
): Promise<void> {
  const files = paths.map((path) => createWriteStream(path));
  try {
    await work(files);
  } finally {
    for (const file of files) file.end();
    await Promise.all(files.map((file) => finished(file)));
  }
}

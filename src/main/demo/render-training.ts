import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SceneSettings, SceneToMain } from '../../shared/capture.ts';
import type { ScenePort } from '../camera/tray/tray-camera.ts';
import type { TrainingPicture } from './training-set.ts';

/** Each job brings its own light and noise; the world view is not looked at. */
const sceneForPictures: SceneSettings = {
  seed: 1,
  productIds: [],
  worldSize: { width: 320, height: 240 },
  light: { level: 1, warmth: 0, turn: 0 },
  noise: 0,
};

/** Has the scene render the pictures and writes each below its folder. Rejects when one fails. */
export function renderPictures(
  port: ScenePort,
  pictures: readonly TrainingPicture[],
  folder: string,
  progress: (done: number, total: number) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const writes: Promise<void>[] = [];
    const receive = (message: SceneToMain): void => {
      switch (message.kind) {
        case 'ready':
          port.send({ kind: 'configure', ...sceneForPictures });
          port.send({ kind: 'crops', requestId: 1, jobs: pictures.map(({ job }) => job) });
          return;
        case 'crop': {
          const picture = pictures[message.index];
          if (picture === undefined) return;
          writes.push(
            writePicture(join(folder, picture.folder), `${picture.job.seed}.jpg`, message.jpeg),
          );
          progress(message.index + 1, pictures.length);
          return;
        }
        case 'batchDone':
          Promise.all(writes).then(() => resolve(), reject);
          return;
        case 'failed':
          reject(new Error(message.message));
          return;
        default:
          return;
      }
    };
    port.open({
      message: receive,
      gone: () => reject(new Error('The scene window ended while it rendered.')),
    });
  });
}

async function writePicture(folder: string, name: string, jpeg: Uint8Array): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, name), jpeg);
}

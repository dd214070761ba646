import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ScenePort } from '../camera/tray/tray-camera.ts';
import { photograph } from './photograph.ts';
import type { PosedPicture } from './training-set.ts';

const quality = 0.9;

/**
 * Photographs the poses and writes each into its folder. Resolves to the number of those that the
 * tray did not see, which have no picture.
 */
export async function writePictures(
  port: ScenePort,
  pictures: readonly PosedPicture[],
  folder: string,
  maxSide: number,
  progress: (done: number, total: number) => void,
): Promise<number> {
  const writes: Promise<void>[] = [];
  let missed = 0;
  let done = 0;
  const folders = new Set(pictures.map((one) => one.folder));
  await Promise.all([...folders].map((name) => mkdir(join(folder, name), { recursive: true })));
  await photograph(port, pictures, { maxSide, quality }, (index, jpeg) => {
    const { folder: name, pose } = pictures[index] ?? {};
    if (jpeg === null) missed += 1;
    else if (name !== undefined && pose !== undefined) {
      writes.push(writeFile(join(folder, name, `${pose.seed}.jpg`), jpeg));
    }
    done += 1;
    progress(done, pictures.length);
  });
  await Promise.all(writes);
  return missed;
}

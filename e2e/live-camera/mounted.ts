import { join } from 'node:path';
import type { Session } from 'electron';
import type { Camera, PreviewFrame } from '../../src/main/camera/camera.ts';
import { createCaptureWindow } from '../../src/main/camera/capture-window.ts';
import { createTrayCamera } from '../../src/main/camera/tray/tray-camera.ts';
import { scene } from '../../src/shared/contracts/scene.ts';
import type { Photo, Thumb } from '../../src/shared/frame.ts';
import { asTaken } from '../../src/shared/orientation.ts';
import type { Orientation } from '../../src/shared/orientation.ts';
import { createLog } from '../../src/shared/log.ts';

/** What a camera gives that is mounted in some way. */
export interface MountedPictures {
  readonly thumb: Thumb;
  readonly preview: PreviewFrame;
  readonly photo: Photo;
  /** Of the upper left quarter. */
  readonly quarter: Photo;
}

/** Starts a camera, takes one of each, and stops it. */
export async function picturesOf(camera: Camera): Promise<MountedPictures> {
  const take = watch(camera);
  const pictures = await take();
  await camera.stop();
  return pictures;
}

/** The virtual tray with a banana and a milk carton on it, without noise, mounted one way after another. */
export async function picturesOfVirtualTray(
  orientations: readonly Orientation[],
  folder: string,
  session: Session,
): Promise<MountedPictures[]> {
  const window = createCaptureWindow({
    contract: scene,
    url: 'app://freshlane/tray-scene/index.html',
    preload: join(folder, 'preload.cjs'),
    session,
    hangMs: 60_000,
    log: createLog(() => undefined),
  });
  const settings = {
    seed: 3,
    productIds: ['lemon'],
    worldSize: { width: 320, height: 240 },
    light: { level: 1, warmth: 0, turn: 0 },
    noise: 0,
    orientation: asTaken,
  };
  const camera = createTrayCamera(window, settings);
  const settled = new Promise<void>((resolve) => {
    let isLaid = false;
    camera.onLayout((items) => {
      if (items.filter((item) => item.kind === 'tray').length === 2) resolve();
      if (isLaid) return;
      isLaid = true;
      camera.lay('banana');
      camera.lay('milk');
    });
  });
  const take = watch(camera);
  await settled;
  const all: MountedPictures[] = [];
  for (const orientation of orientations) {
    window.send('scene:configure', { ...settings, orientation });
    all.push(await take());
  }
  await camera.stop();
  return all;
}

/** Starts a camera; each call takes one of each of its pictures. */
function watch(camera: Camera): () => Promise<MountedPictures> {
  const next = { thumb: (_: Thumb) => {}, preview: (_: PreviewFrame) => {} };
  const started = new Promise<void>((resolve, reject) => {
    camera.start({
      thumb: (thumb) => next.thumb(thumb),
      preview: (preview) => next.preview(preview),
      status: (status) => {
        if (status.kind === 'ready') resolve();
        if (status.kind === 'lost') reject(new Error(status.advice));
      },
    });
  });
  const nextPreview = new Promise<PreviewFrame>((resolve) => {
    next.preview = resolve;
  });
  const nextThumb = (): Promise<Thumb> =>
    new Promise((resolve) => {
      next.thumb = resolve;
    });
  return async () => {
    await started;
    const preview = await nextPreview;
    const photo = await camera.photo({ maxSide: 640 });
    const region = { left: 0, top: 0, width: 0.5, height: 0.5 };
    const quarter = await camera.photo({ region, maxSide: 640 });
    return { thumb: await nextThumb(), preview, photo, quarter };
  };
}

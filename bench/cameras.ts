import { fork, spawnSync } from 'node:child_process';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createCanvas } from '@napi-rs/canvas';
import { _electron } from 'playwright';
import { buildLiveCameraApp } from '../e2e/live-camera/build.ts';
import { writeFilm } from '../e2e/live-camera/film.ts';
import type { LiveCameraProbe } from '../e2e/live-camera/main.ts';
import { bundleForTests } from '../src/main/testing/bundle-for-tests.ts';
import type { CameraListener } from '../src/main/camera/camera.ts';
import type { HostReply } from '../src/main/camera/webcam/host-messages.ts';
import { inHostProcess } from '../src/main/camera/webcam/host.ts';
import type { HostProcess } from '../src/main/camera/webcam/host.ts';
import { openWebcam } from '../src/main/camera/webcam/webcam.ts';
import type { Thumb } from '../src/shared/frame.ts';
import { figure, spread } from './figure.ts';
import type { Figure } from './figure.ts';

declare const live: Promise<LiveCameraProbe>;

const sizes = [
  [640, 480],
  [1280, 720],
] as const;
const captures = 60;

/** fswebcam reading a picture file: a real camera's opening and exposure come on top. */
export async function benchWebcam(): Promise<Figure[]> {
  if (spawnSync('fswebcam', ['--version']).error !== undefined) return [];
  const bundle = await bundleForTests({
    'pictures-worker': 'src/main/camera/pictures-worker.ts',
    'webcam-host': 'src/main/camera/webcam/webcam-host.ts',
  });
  const folder = mkdtempSync(join(tmpdir(), 'freshlane-bench-'));
  const figures: Figure[] = [];
  try {
    for (const [width, height] of sizes) {
      figures.push(
        ...(await benchWebcamAt(bundle.folder, join(folder, 'scene.jpg'), width, height)),
      );
    }
  } finally {
    rmSync(folder, { recursive: true });
    await bundle.remove();
  }
  return figures;
}

async function benchWebcamAt(
  programs: string,
  scene: string,
  width: number,
  height: number,
): Promise<Figure[]> {
  putScene(scene, width, height, 40);
  const camera = openWebcam({
    device: `FILE:${scene}`,
    pictureSources: true,
    size: { width, height },
    workerUrl: pathToFileURL(join(programs, 'pictures-worker.mjs')),
    starter: inHostProcess(() => startHost(join(programs, 'webcam-host.mjs'))),
    periodMs: 0,
  });
  let heard: (thumb: Thumb) => void = () => undefined;
  const listener: CameraListener = {
    thumb: (thumb) => heard(thumb),
    preview: () => undefined,
    status: () => undefined,
  };
  const until = (wanted: (thumb: Thumb) => boolean) =>
    new Promise<void>((done) => {
      heard = (thumb) => {
        if (wanted(thumb)) done();
      };
    });
  camera.start(listener);
  await until(() => true);

  const fromMs = performance.now();
  let count = 0;
  await until(() => ++count === captures);
  const perSecond = (1000 * captures) / (performance.now() - fromMs);

  const changes: number[] = [];
  for (let time = 0; time < 20; time++) {
    const isLight = time % 2 === 0;
    const changedAtMs = putScene(scene, width, height, isLight ? 200 : 40);
    await until((thumb) => (thumb.grey[0] ?? 0) > 120 === isLight);
    changes.push(performance.now() - changedAtMs);
  }
  const photos: number[] = [];
  const region = { left: 0.25, top: 0.25, width: 0.5, height: 0.5 };
  for (let time = 0; time < 20; time++) {
    const askedAtMs = performance.now();
    await camera.photo({ region, maxSide: 320 });
    photos.push(performance.now() - askedAtMs);
  }
  await camera.stop();
  const note = `fswebcam, FILE: source, ${width}×${height}`;
  const name = `webcam ${width}×${height}`;
  return [
    { name: `${name} captures`, value: Number(perSecond.toPrecision(4)), unit: 'per second', note },
    ...spread(`${name} change to thumb`, 'ms', note, changes),
    ...spread(`${name} photo`, 'ms', `crop of the newest picture to 320 px; ${note}`, photos),
  ];
}

function startHost(file: string): HostProcess {
  const host = fork(file);
  return {
    send: (request) => void host.send(request),
    onReply: (listener) => host.on('message', (reply) => listener(reply as HostReply)),
    onExit: (listener) => host.on('exit', listener),
    kill: () => void host.kill(),
  };
}

/** Returns when the new picture was in place. */
function putScene(path: string, width: number, height: number, grey: number): number {
  const canvas = createCanvas(width, height);
  const context = canvas.getContext('2d');
  context.fillStyle = `rgb(${grey} ${grey} ${grey})`;
  context.fillRect(0, 0, width, height);
  for (let line = 8; line < height; line += 8) {
    context.fillStyle = `hsl(${line % 360} 50% 50%)`;
    context.fillRect((line * 7) % width, line, width / 3, 4);
  }
  writeFileSync(`${path}.new`, canvas.toBuffer('image/jpeg', 90));
  renameSync(`${path}.new`, path);
  return performance.now();
}

/** The hidden capture window in the real Electron, with Chromium's pretended camera at 30 fps. */
export async function benchLive(): Promise<Figure[]> {
  const bundle = await buildLiveCameraApp();
  const folder = mkdtempSync(join(tmpdir(), 'freshlane-bench-'));
  const figures: Figure[] = [];
  try {
    for (const [width, height] of sizes) {
      figures.push(...(await benchLiveAt(bundle.folder, folder, width, height)));
    }
  } finally {
    rmSync(folder, { recursive: true });
    await bundle.remove();
  }
  return figures;
}

async function benchLiveAt(
  appFolder: string,
  folder: string,
  width: number,
  height: number,
): Promise<Figure[]> {
  const film = join(folder, `${width}.mjpeg`);
  writeFilm(film, width, height);
  const app = await _electron.launch({
    executablePath: resolve('.runtime/electron/electron'),
    args: [
      appFolder,
      `--user-data-dir=${join(folder, `data-${width}`)}`,
      '--no-sandbox',
      '--use-fake-device-for-media-stream',
      `--use-file-for-fake-video-capture=${film}`,
    ],
    env: { ...(process.env as Record<string, string>), LIVE_SIZE: `${width}x${height}` },
  });
  try {
    // The launcher loads the app's main by and by.
    while (!(await app.evaluate(() => 'live' in globalThis)));
    const seen = await app.evaluate(async () => {
      const camera = await live;
      await camera.nextThumbs(30);
      const thumbs = await camera.nextThumbs(150);
      const region = { left: 0.25, top: 0.25, width: 0.5, height: 0.5 };
      return {
        times: thumbs.map((thumb) => thumb.atMs),
        delays: await camera.thumbDelays(100),
        crops: await camera.photoTimes(50, region, 320),
        wholes: await camera.photoTimes(50, null, 1280),
      };
    });
    const pageMegabytes = await app.evaluate(({ app: electron, webContents }) => {
      const page = webContents.getAllWebContents()[0]?.getOSProcessId();
      const found = electron.getAppMetrics().find(({ pid }) => pid === page);
      return (found?.memory.workingSetSize ?? 0) / 1024;
    });
    const name = `live ${width}×${height}`;
    const note = `Chromium's pretended camera at 30 fps, ${width}×${height}`;
    const spanMs = (seen.times.at(-1) ?? 0) - (seen.times[0] ?? 0);
    const perSecond = (1000 * (seen.times.length - 1)) / spanMs;
    return [
      { name: `${name} thumbs`, value: Number(perSecond.toPrecision(4)), unit: 'per second', note },
      ...spread(`${name} frame to thumb in main`, 'ms', note, seen.delays),
      ...spread(`${name} photo crop`, 'ms', `half the view, to 320 px; ${note}`, seen.crops),
      ...spread(`${name} photo whole`, 'ms', note, seen.wholes),
      figure(`${name} memory of the page`, pageMegabytes, 'MB', `when all is measured; ${note}`),
    ];
  } finally {
    await app.close();
  }
}

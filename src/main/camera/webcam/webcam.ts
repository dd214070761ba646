import { randomBytes } from 'node:crypto';
import { rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Photo } from '../../../shared/frame.ts';
import { keepAlive } from '../../../shared/keep-alive.ts';
import type { KeepAliveOptions, KeptAlive, Life } from '../../../shared/keep-alive.ts';
import { asTaken } from '../../../shared/orientation.ts';
import type { Orientation } from '../../../shared/orientation.ts';
import { CameraError } from '../camera.ts';
import type { Camera, CameraListener, PhotoRequest } from '../camera.ts';
import { PictureError } from '../picture-error.ts';
import type { PictureSize } from '../picture-error.ts';
import { openPictures } from '../pictures.ts';
import type { SeenPicture } from '../pictures-messages.ts';
import { listByProgram } from './capture.ts';
import type { ProgramLimits } from './capture.ts';
import { isAllowedDevice } from './device.ts';
import type { Platform } from './device.ts';
import { listLinuxCameras } from './devices.ts';
import type { VideoDevice } from './devices.ts';
import { fault, faultOfPicture, faultOfRun } from './fault.ts';
import { inThisProcess } from './host.ts';
import type { CaptureStarter } from './host.ts';
import { candidateFolders, makePrivateFolder } from './private-folder.ts';
import type { RunningProgram } from './program.ts';

export interface WebcamOptions {
  /** A device as the system lists it; null takes the first camera there is. */
  readonly device: string | null;
  /** Asked of the camera, which may have another. Default 640 × 480. */
  readonly size?: PictureSize;
  /** How its picture becomes upright. Default: as it is taken. */
  readonly orientation?: Orientation;
  /** Lets `device` be `TEST:` or `FILE:/path.jpg`, the sources that fswebcam itself has. */
  readonly pictureSources?: boolean;
  /** Pictures thrown away while a real camera finds its exposure. Default 5. */
  readonly skip?: number;
  /** For one capture, the opening of the camera included. Default 8000. */
  readonly deadlineMs?: number;
  /** From one capture to the next, at least. Default 66. */
  readonly periodMs?: number;
  /** How long to wait after the first, second, … failure in a row; the last one stays. */
  readonly retryMs?: KeepAliveOptions['backoffMs'];
  /** A photo is cut from the newest picture, unless that one is older than this. Default 2000. */
  readonly freshMs?: number;
  /** Where the program is started from. Default: this process, which it holds up as it grows. */
  readonly starter?: CaptureStarter;
  /** The built pictures-worker; beside this module without it. */
  readonly workerUrl?: URL;
  /** For the program: where it is searched. Default: this process's. */
  readonly environment?: NodeJS.ProcessEnv;
  /** Where the pictures may be put, best first. */
  readonly folders?: readonly string[];
  readonly platform?: Platform;
}

const overdueMs = 2000;

interface Waiting {
  readonly resolve: () => void;
  readonly reject: (error: CameraError) => void;
}

/** Takes picture after picture with node-webcam: a program is run for each. */
export function openWebcam(options: WebcamOptions): Camera {
  const size = options.size ?? { width: 640, height: 480 };
  const orientation = options.orientation ?? asTaken;
  const environment = options.environment ?? process.env;
  const limits: ProgramLimits = { deadlineMs: options.deadlineMs ?? 8000, environment };
  const periodMs = options.periodMs ?? 66;
  const freshMs = options.freshMs ?? 2000;
  const retryMs = options.retryMs ?? [250, 500, 1000, 2000, 5000];
  const platform = options.platform ?? thisPlatform();
  const starter = options.starter ?? inThisProcess;
  const pictures = openPictures(
    options.workerUrl === undefined ? {} : { workerUrl: options.workerUrl },
  );

  let listener: CameraListener | null = null;
  let keeper: KeptAlive | null = null;
  let taking: Promise<void> = Promise.resolve();
  let folder: string | null = null;
  let begunAtMs = -Infinity;
  let stopping = false;
  let program: RunningProgram | null = null;
  let wake: () => void = () => undefined;
  let lost: CameraError | null = null;
  let newestAtMs = -Infinity;
  let lockedSize: PictureSize | null = null;
  let chosen: VideoDevice | null = null;
  let readyAs: string | null = null;
  const waiting = new Set<Waiting>();

  /** Until it was stopped or a picture fails, which ends the life. */
  async function takeMore(life: Life, to: CameraListener): Promise<void> {
    try {
      for (;;) {
        // oxlint-disable-next-line no-await-in-loop -- a camera takes one picture after another.
        await pause(periodMs - (performance.now() - begunAtMs));
        if (!life.isCurrent()) return;
        // oxlint-disable-next-line no-await-in-loop -- as above.
        await take(to);
      }
    } catch (error) {
      life.ended(error);
    }
  }

  async function take(to: CameraListener): Promise<void> {
    begunAtMs = performance.now();
    folder ??= await makeFolder();
    chosen ??= await chooseDevice();
    const { device, label } = chosen;
    const picture = await capture(device, folder, to);
    if (stopping) return;
    lost = null;
    newestAtMs = picture.thumb.atMs;
    if (readyAs !== label) to.status({ kind: 'ready', label });
    readyAs = label;
    to.thumb(picture.thumb);
    to.preview({ jpeg: picture.jpeg, width: picture.width, height: picture.height });
    for (const one of waiting) one.resolve();
    waiting.clear();
  }

  function lose(cause: CameraError, to: CameraListener): void {
    if (lost?.fault !== cause.fault || lost.message !== cause.message) {
      to.status({ kind: 'lost', fault: cause.fault, advice: cause.advice });
    }
    readyAs = null;
    lockedSize = null;
    chosen = null;
    lost = cause;
    for (const one of waiting) one.reject(cause);
    waiting.clear();
  }

  function pause(forMs: number): Promise<void> {
    if (stopping || forMs <= 0) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, forMs);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async function makeFolder(): Promise<string> {
    try {
      return await makePrivateFolder(options.folders ?? candidateFolders(environment));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new CameraError('no-permission', reason, noFolderAdvice);
    }
  }

  async function chooseDevice(): Promise<VideoDevice> {
    const isNamed = options.device !== null;
    const mustList = platform !== 'linux' || !isNamed;
    const listed = mustList ? await listCameras(platform, limits) : [];
    const device = options.device ?? listed[0]?.device;
    if (device === undefined) throw fault('no-camera', 'There is no camera.');
    const rules = {
      platform,
      listed: listed.map((camera) => camera.device),
      pictureSources: options.pictureSources ?? false,
    };
    if (!isAllowedDevice(device, rules)) {
      throw fault('no-camera', `“${device}” is not the name of a camera here.`);
    }
    return listed.find((camera) => camera.device === device) ?? { device, label: device };
  }

  async function capture(device: string, folder: string, to: CameraListener): Promise<SeenPicture> {
    const isReal = device.startsWith('/dev/');
    // A new name each time: a failed capture leaves no file, and never an old one.
    const path = join(folder, `${randomBytes(9).toString('hex')}.jpg`);
    // A program that waits inside a broken driver cannot even be killed: say so and wait for it.
    const overdue = setTimeout(
      () => lose(fault('timeout', 'The program hangs in the camera’s driver.'), to),
      limits.deadlineMs + overdueMs,
    );
    try {
      program = starter.start(
        {
          ...size,
          quality: 85,
          output: 'jpeg',
          callbackReturn: 'location',
          saveShots: false,
          verbose: false,
          device,
          skip: isReal ? (options.skip ?? 5) : false,
        },
        path,
        limits,
      );
      const end = await program.ended;
      clearTimeout(overdue);
      if (end.kind !== 'ended' || end.exitCode !== 0) throw faultOfRun(end);
      const expected = device.startsWith('FILE:') ? null : lockedSize;
      const source = { kind: 'file', path } as const;
      const picture = await pictures
        .look({ source, expected, orientation, atMs: performance.now() })
        .catch(async (error: unknown) => {
          const isMissing = error instanceof PictureError && error.fault === 'unreadable';
          throw isMissing ? faultOfRun(end) : await explain(error, folder);
        });
      // A camera may not have the size that was asked for, but it keeps to the one it has.
      lockedSize = picture.sizeAsTaken;
      return picture;
    } finally {
      clearTimeout(overdue);
      program = null;
      await rm(path, { force: true });
    }
  }

  function nextPicture(): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        waiting.delete(one);
        reject(fault('timeout', 'No picture came in time.'));
      }, limits.deadlineMs);
      const one: Waiting = {
        resolve: () => {
          clearTimeout(timer);
          resolve();
        },
        reject: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      };
      waiting.add(one);
    });
  }

  return {
    kind: 'webcam',
    start(to) {
      if (listener !== null) throw new Error('The webcam has been started already.');
      listener = to;
      to.status({ kind: 'starting' });
      keeper = keepAlive({
        // It runs once there was a picture.
        start: (life) => {
          const first = take(to);
          taking = first.then(
            () => takeMore(life, to),
            () => undefined,
          );
          return first;
        },
        backoffMs: retryMs,
        healthyAfterMs: 0,
        onEnded: (error) => lose(faultOfPicture(error), to),
      });
    },
    async photo(request: PhotoRequest): Promise<Photo> {
      if (stopping || listener === null) throw fault('timeout', 'The camera is not running.');
      if (lost !== null) throw lost;
      // What lies still looks the same in the newest picture: a new one would cost its whole time.
      if (performance.now() - newestAtMs > freshMs) await nextPicture();
      return pictures
        .photo(request)
        .catch(async (error: unknown) => {
          // The thread was replaced in between and has seen nothing yet.
          if (!(error instanceof PictureError) || error.fault !== 'no-picture-yet') throw error;
          await nextPicture();
          return pictures.photo(request);
        })
        .catch((error: unknown) => {
          throw faultOfPicture(error);
        });
    },
    async stop() {
      stopping = true;
      keeper?.stop();
      wake();
      program?.stop();
      for (const one of waiting) one.reject(fault('timeout', 'The camera was stopped.'));
      waiting.clear();
      await pictures.close();
      await taking;
      if (folder !== null) await rm(folder, { recursive: true, force: true });
      starter.close();
    },
  };
}

const noFolderAdvice =
  'There is no folder for the camera’s pictures that this app may write to and whose path is plain letters; set TMPDIR to one.';
const noSpaceAdvice = 'There is no space left for the camera’s pictures; free some and it goes on.';

/** A full disk cuts pictures off as a bad cable does. */
async function explain(error: unknown, folder: string): Promise<CameraError> {
  const cause = faultOfPicture(error);
  if (cause.fault !== 'broken-picture') return cause;
  const space = await statfs(folder).catch(() => null);
  return space?.bavail === 0 ? new CameraError(cause.fault, cause.message, noSpaceAdvice) : cause;
}

/** What staff can choose from; on Linux from the kernel, elsewhere as node-webcam's program lists it. */
export async function listCameras(
  platform: Platform = thisPlatform(),
  limits: ProgramLimits = { deadlineMs: 8000, environment: process.env },
): Promise<readonly VideoDevice[]> {
  if (platform === 'linux') return listLinuxCameras();
  const names = await listByProgram(limits);
  return names.map((name) => ({ device: name, label: name }));
}

function thisPlatform(): Platform {
  return process.platform === 'darwin' || process.platform === 'win32' ? process.platform : 'linux';
}

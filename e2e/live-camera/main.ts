import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { app, BrowserWindow, protocol, session } from 'electron';
import type { CameraStatus, PreviewFrame } from '../../src/main/camera/camera.ts';
import { createCaptureWindow } from '../../src/main/camera/capture-window.ts';
import { createLiveCamera } from '../../src/main/camera/live/live.ts';
import type { LiveCamera } from '../../src/main/camera/live/live.ts';
import { allowOnlyCamera } from '../../src/main/camera/live/permissions.ts';
import { inHostProcess } from '../../src/main/camera/webcam/host.ts';
import { startUtilityHost } from '../../src/main/camera/webcam/utility-host.ts';
import { openWebcam } from '../../src/main/camera/webcam/webcam.ts';
import type { CameraDevice } from '../../src/shared/capture-live.ts';
import { capture } from '../../src/shared/contracts/capture.ts';
import type { Photo, Region, Thumb } from '../../src/shared/frame.ts';
import type { Orientation } from '../../src/shared/orientation.ts';
import { createLog } from '../../src/shared/log.ts';
import { picturesOf, picturesOfVirtualTray } from './mounted.ts';
import type { MountedPictures } from './mounted.ts';

/** What the spec reaches through Playwright's `evaluate`. */
export interface LiveCameraProbe {
  readonly statuses: CameraStatus[];
  readonly thumbs: Thumb[];
  readonly previews: PreviewFrame[];
  readonly devices: CameraDevice[];
  readonly photo: (region: Region | null, maxSide: number) => Promise<Photo>;
  /** The thumbs from now on, as soon as there are `count` of them. */
  readonly nextThumbs: (count: number) => Promise<Thumb[]>;
  readonly nextPreviews: (count: number) => Promise<PreviewFrame[]>;
  readonly nextStatus: (kind: CameraStatus['kind']) => Promise<CameraStatus>;
  readonly tune: LiveCamera['tune'];
  readonly choose: (device: string | null) => void;
  readonly windows: () => number;
  /** The other driver in Electron: a thumb and a photo of the colour bars, then its end. */
  readonly webcam: () => Promise<{ statuses: string[]; thumb: number[]; photo: number[] }>;
  /** From a frame's arrival in the page to its thumb in main, for the next `count` thumbs. */
  readonly thumbDelays: (count: number) => Promise<number[]>;
  /** From the wish to the photo in main, one after the other. */
  readonly photoTimes: (count: number, region: Region | null, maxSide: number) => Promise<number[]>;
  readonly stop: () => Promise<void>;
  /** What other live cameras give that are mounted so. */
  readonly mounted: (orientations: readonly Orientation[]) => Promise<MountedPictures[]>;
  readonly mountedVirtualTray: LiveCameraProbe['mounted'];
  readonly crashPage: () => void;
  readonly hangPage: () => void;
  /** What a page is told that has only one of the capture page's two marks. */
  readonly askElsewhere: (how: 'same address' | 'same window') => Promise<Record<string, string>>;
  readonly askInCapturePage: () => Promise<Record<string, string>>;
}

const folder = __dirname;
const captureUrl = 'app://freshlane/capture/index.html';
const otherUrl = 'app://freshlane/capture/index.html?other';

protocol.registerSchemesAsPrivileged([
  { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
]);
app.on('window-all-closed', () => undefined);

// Playwright evaluates in main's global scope.
Reflect.set(
  globalThis,
  'live',
  app.whenReady().then(() => {
    const own = session.fromPartition('capture');
    own.protocol.handle('app', async (request) => {
      const path = new URL(request.url).pathname;
      const type = extname(path) === '.html' ? 'text/html' : 'text/javascript';
      return new Response(await readFile(join(folder, 'pages', path)), {
        headers: {
          'content-type': type,
          'content-security-policy': "default-src 'none'; script-src 'self'",
        },
      });
    });
    const openWindow = () =>
      createCaptureWindow({
        contract: capture,
        url: captureUrl,
        preload: join(folder, 'preload.cjs'),
        session: own,
        hangMs: Number(process.env['LIVE_HANG_MS'] ?? 30_000),
        restartMs: [50],
        log: createLog(() => undefined),
      });
    const window = openWindow();
    const windows = [window];
    allowOnlyCamera(own, {
      url: captureUrl,
      isCaptureWindow: (contents) => windows.some((one) => one.owns(contents)),
    });

    const waiting = new Set<() => void>();
    const tell = () => {
      for (const check of waiting) check();
    };
    const until = <T>(find: () => T | undefined): Promise<T> =>
      new Promise((resolve) => {
        const check = () => {
          const found = find();
          if (found === undefined) return;
          waiting.delete(check);
          resolve(found);
        };
        waiting.add(check);
        check();
      });

    const statuses: CameraStatus[] = [];
    const thumbs: Thumb[] = [];
    const arrivals: number[] = [];
    const previews: PreviewFrame[] = [];
    const devices: CameraDevice[] = [];
    const [width = 640, height = 480] = (process.env['LIVE_SIZE'] ?? '640x480')
      .split('x')
      .map(Number);
    const device = process.env['LIVE_DEVICE'] ?? null;
    const camera = createLiveCamera({ window, device, size: { width, height } });
    camera.onDevices((list) => {
      devices.splice(0, devices.length, ...list);
      tell();
    });
    camera.start({
      status: (status) => {
        statuses.push(status);
        tell();
      },
      thumb: (thumb) => {
        arrivals.push(performance.timeOrigin + performance.now());
        thumbs.push(thumb);
        tell();
      },
      preview: (preview) => {
        previews.push(preview);
        tell();
      },
    });

    const page = () => {
      const found = BrowserWindow.getAllWindows().find((one) => window.owns(one.webContents));
      if (found === undefined) throw new Error('There is no capture window.');
      return found.webContents;
    };
    const ask = (contents: Electron.WebContents): Promise<Record<string, string>> =>
      contents.executeJavaScript(`(async () => {
      const attempt = (work) => Promise.resolve().then(work).then(() => 'granted', (e) => e.name);
      return {
        video: await attempt(() => navigator.mediaDevices.getUserMedia({ video: true })),
        audio: await attempt(() => navigator.mediaDevices.getUserMedia({ audio: true })),
        both: await attempt(() => navigator.mediaDevices.getUserMedia({ audio: true, video: true })),
        screen: await attempt(() => navigator.mediaDevices.getDisplayMedia({ video: true })),
        notifications: await Notification.requestPermission(),
        clipboard: (await navigator.permissions.query({ name: 'clipboard-read' })).state,
        geolocation: (await navigator.permissions.query({ name: 'geolocation' })).state,
        labels: (await navigator.mediaDevices.enumerateDevices())
          .filter((one) => one.kind === 'videoinput').map((one) => one.label).join(),
      };
    })()`);

    const probe: LiveCameraProbe = {
      statuses,
      thumbs,
      previews,
      devices,
      photo: (region, maxSide) => camera.photo(region === null ? { maxSide } : { region, maxSide }),
      nextThumbs: (count) => {
        const from = thumbs.length;
        return until(() => (thumbs.length >= from + count ? thumbs.slice(from) : undefined));
      },
      nextPreviews: (count) => {
        const from = previews.length;
        return until(() => (previews.length >= from + count ? previews.slice(from) : undefined));
      },
      windows: () => BrowserWindow.getAllWindows().length,
      webcam: async () => {
        const webcam = openWebcam({
          device: 'TEST:',
          pictureSources: true,
          starter: inHostProcess(() => startUtilityHost(join(folder, 'webcam-host.cjs'))),
          workerUrl: pathToFileURL(join(folder, 'pictures-worker.cjs')),
        });
        const heard: string[] = [];
        const thumb = await new Promise<Thumb | null>((done) => {
          webcam.start({
            status: (status) => {
              heard.push(status.kind);
              if (status.kind === 'lost') done(null);
            },
            thumb: done,
            preview: () => undefined,
          });
        });
        const photo = thumb === null ? null : await webcam.photo({ maxSide: 320 });
        await webcam.stop();
        return {
          statuses: heard,
          thumb: [thumb?.width ?? 0, thumb?.height ?? 0, new Set(thumb?.grey).size],
          photo: [photo?.width ?? 0, photo?.height ?? 0],
        };
      },
      thumbDelays: async (count) => {
        const from = thumbs.length;
        await until(() => (thumbs.length >= from + count ? true : undefined));
        const delays = thumbs.map((thumb, at) => (arrivals[at] ?? 0) - thumb.atMs);
        return delays.slice(from);
      },
      photoTimes: async (count, region, maxSide) => {
        const times: number[] = [];
        while (times.length < count) {
          const from = performance.now();
          await camera.photo(region === null ? { maxSide } : { region, maxSide });
          times.push(performance.now() - from);
        }
        return times;
      },
      nextStatus: (kind) => {
        const from = statuses.length;
        return until(() => statuses.slice(from).find((status) => status.kind === kind));
      },
      mounted: async (orientations) => {
        const all: MountedPictures[] = [];
        for (const orientation of orientations) {
          const another = openWindow();
          windows.push(another);
          all.push(await picturesOf(createLiveCamera({ window: another, device, orientation })));
        }
        return all;
      },
      mountedVirtualTray: (orientations) => picturesOfVirtualTray(orientations, folder, own),
      tune: camera.tune,
      choose: camera.choose,
      stop: camera.stop,
      crashPage: () => page().forcefullyCrashRenderer(),
      hangPage: () =>
        void page()
          .executeJavaScript('for (;;);')
          .catch(() => undefined),
      askInCapturePage: () => ask(page()),
      askElsewhere: async (how) => {
        const isForged = how === 'same window';
        const other = isForged
          ? page()
          : new BrowserWindow({ show: false, webPreferences: { session: own } }).webContents;
        await other.loadURL(isForged ? otherUrl : captureUrl);
        return ask(other);
      },
    };
    return probe;
  }),
);

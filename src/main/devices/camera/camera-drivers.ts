import { session } from 'electron';
import type { Session } from 'electron';
import { capture } from '../../../shared/contracts/capture.ts';
import { scene } from '../../../shared/contracts/scene.ts';
import type { Camera } from '../../camera/camera.ts';
import { createCaptureWindow } from '../../camera/capture-window.ts';
import { createLiveCamera } from '../../camera/live/live.ts';
import type { LiveCamera, LiveOptions } from '../../camera/live/live.ts';
import { allowOnlyCamera } from '../../camera/live/permissions.ts';
import { createTrayCamera } from '../../camera/tray/tray-camera.ts';
import type { ScenePort } from '../../camera/tray/tray-camera.ts';
import { liveDevice, webcamDevice } from '../../camera/tuning/find-device.ts';
import type { TuningSystem } from '../../camera/tuning/find-device.ts';
import { mainsHzOf } from '../../camera/tuning/mains-frequency.ts';
import { tuneCamera } from '../../camera/tuning/tuned-camera.ts';
import type { TuningParts } from '../../camera/tuning/tuned-camera.ts';
import { findV4l2Ctl } from '../../camera/tuning/v4l2-ctl.ts';
import { listLinuxCameras } from '../../camera/webcam/devices.ts';
import { inHostProcess } from '../../camera/webcam/host.ts';
import { startUtilityHost } from '../../camera/webcam/utility-host.ts';
import { openWebcam } from '../../camera/webcam/webcam.ts';
import { denyPermissions } from '../../app/lock-down.ts';
import type { Log } from '../../app/log.ts';
import type { Paths } from '../../app/paths.ts';
import type { Driver, FoundDevice } from '../device.ts';
import { cameraSettings } from '../device-settings.ts';
import type { CameraKind, CameraSettings } from '../device-settings.ts';
import { cameraDevice } from './camera-device.ts';
import type { CameraDevice } from './camera-device.ts';

const capturePage = 'app://capture/capture/index.html';
const scenePage = 'app://tray/tray-scene/index.html';

/** The world view's size: what the shopper's window shows of the demo. */
const worldSize = { width: 1000, height: 750 };

const system: TuningSystem = {
  platform: process.platform,
  findProgram: () => findV4l2Ctl(),
  listCameras: () => listLinuxCameras(),
};

/** What the app gives to a camera's driver. */
export interface CameraContext {
  readonly paths: Paths;
  /** Serves the app's pages to a session. */
  readonly serve: (session: Session) => void;
  /** ISO 3166 country of the store: its mains have 50 or 60 Hz. */
  readonly region: string;
  /** Of the virtual tray's scene. */
  readonly seed: number;
  /** Whether a picture file may stand in for a device, as in tests and trials. */
  readonly takesPictureFiles: boolean;
  readonly log: Log;
}

type CameraDriver = Driver<CameraSettings, CameraContext, CameraDevice>;

/** Chromium's own capture. */
const live: CameraDriver = {
  title: 'USB camera',
  settings: cameraSettings,
  probe: foundCameras,
  open: (settings, context) => {
    const { device, turned, mirrored } = settings;
    const camera = openLive({ device, orientation: { turned, mirrored } }, context);
    return tuned(camera, (label) => liveDevice(label, camera.tune, system), settings, context);
  },
};

/** A program that takes single pictures. */
const webcam: CameraDriver = {
  title: 'USB camera by fswebcam or imagesnap',
  settings: cameraSettings,
  probe: foundCameras,
  open: (settings, context) => {
    const { device, turned, mirrored } = settings;
    const camera = openWebcam({
      device,
      orientation: { turned, mirrored },
      // A shop's settings name a device.
      pictureSources: context.takesPictureFiles,
      starter: inHostProcess(() => startUtilityHost(context.paths.webcamHost)),
      workerUrl: context.paths.picturesWorker,
    });
    return tuned(camera, () => webcamDevice(device, system), settings, context);
  },
};

/** The demo's virtual tray. */
const tray: CameraDriver = {
  title: 'Virtual tray',
  settings: cameraSettings,
  probe: async () => [],
  open: ({ turned, mirrored }, context) => {
    const virtualTray = createTrayCamera(openScenePort(context), {
      seed: context.seed,
      productIds: [],
      worldSize,
      light: { level: 1, warmth: 0, turn: 0 },
      noise: 1.5,
      orientation: { turned, mirrored },
    });
    return cameraDevice(virtualTray, { virtualTray });
  },
};

export const cameraDrivers: Readonly<Record<CameraKind, CameraDriver>> = { live, webcam, tray };

async function foundCameras(): Promise<readonly FoundDevice[]> {
  if (process.platform !== 'linux') return [];
  const cameras = await listLinuxCameras();
  return cameras.map(({ device, label }) => ({ id: device, label }));
}

function tuned(
  camera: Camera,
  deviceOf: TuningParts['deviceOf'],
  { mainsHz, fixedExposure }: CameraSettings,
  { region, log }: CameraContext,
): CameraDevice {
  const wishes = { mainsHz: mainsHz ?? mainsHzOf(region), fixedExposure };
  const tunedCamera = tuneCamera(camera, { wishes, deviceOf, log });
  return cameraDevice(tunedCamera, { retune: tunedCamera.retune });
}

function openLive(
  mounted: Pick<LiveOptions, 'device' | 'orientation'>,
  { paths, serve, log }: Pick<CameraContext, 'paths' | 'serve' | 'log'>,
): LiveCamera {
  // A session of its own: its one permission is the camera's. It is kept, for device ids to last.
  const own = session.fromPartition('persist:capture');
  serve(own);
  const window = createCaptureWindow({
    contract: capture,
    url: capturePage,
    preload: paths.preload,
    session: own,
    log,
  });
  allowOnlyCamera(own, { url: capturePage, isCaptureWindow: window.owns });
  return createLiveCamera({ window, ...mounted });
}

/** The scene's window. */
export function openScenePort({
  paths,
  serve,
  log,
}: Pick<CameraContext, 'paths' | 'serve' | 'log'>): ScenePort {
  const own = session.fromPartition('tray');
  serve(own);
  denyPermissions(own);
  return createCaptureWindow({
    contract: scene,
    url: scenePage,
    preload: paths.preload,
    session: own,
    // Without a GPU one picture of the whole scene may take a second.
    hangMs: 20_000,
    log,
  });
}

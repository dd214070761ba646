import { session } from 'electron';
import type { Session } from 'electron';
import { captureChannels } from '../../shared/capture-live.ts';
import type { Camera } from '../camera/camera.ts';
import { createCaptureWindow } from '../camera/capture-window.ts';
import type { CaptureWindow } from '../camera/capture-window.ts';
import { createLiveCamera } from '../camera/live/live.ts';
import type { LiveCamera, LiveOptions } from '../camera/live/live.ts';
import { allowOnlyCamera } from '../camera/live/permissions.ts';
import { sceneToMain } from '../camera/tray/scene-messages.ts';
import { createTrayCamera } from '../camera/tray/tray-camera.ts';
import type { ScenePort, TrayCamera } from '../camera/tray/tray-camera.ts';
import { liveDevice, webcamDevice } from '../camera/tuning/find-device.ts';
import type { TuningSystem } from '../camera/tuning/find-device.ts';
import { mainsHzOf } from '../camera/tuning/mains-frequency.ts';
import { tuneCamera } from '../camera/tuning/tuned-camera.ts';
import type { TuningParts } from '../camera/tuning/tuned-camera.ts';
import { findV4l2Ctl } from '../camera/tuning/v4l2-ctl.ts';
import { listLinuxCameras } from '../camera/webcam/devices.ts';
import { inHostProcess } from '../camera/webcam/host.ts';
import { startUtilityHost } from '../camera/webcam/utility-host.ts';
import { openWebcam } from '../camera/webcam/webcam.ts';
import { denyPermissions } from '../app/lock-down.ts';
import type { Log } from '../app/log.ts';
import type { Options } from '../app/options.ts';
import type { Paths } from '../app/paths.ts';
import type { KioskSettings } from '../settings/kiosk-settings.ts';

const capturePage = 'app://capture/capture/index.html';
const scenePage = 'app://tray/tray-scene/index.html';

/** The world view's size: what the shopper's window shows of the demo. */
const worldSize = { width: 1000, height: 750 };

const system: TuningSystem = {
  platform: process.platform,
  findProgram: () => findV4l2Ctl(),
  listCameras: () => listLinuxCameras(),
};

export interface CameraParts {
  readonly paths: Paths;
  /** Serves the app's pages to a session. */
  readonly serve: (session: Session) => void;
  readonly log: Log;
}

export interface OpenedCamera {
  readonly camera: Camera;
  /** Has it look for its exposure anew; nothing where there is none to look for. */
  readonly retune: () => void;
  /** The virtual tray's own face where it is that. */
  readonly virtualTray: TrayCamera | null;
}

/** The camera that the settings name. */
export function openCamera(
  settings: KioskSettings,
  options: Options,
  parts: CameraParts,
): OpenedCamera {
  const { kind, device, turned, mirrored } = settings.camera;
  const orientation = { turned, mirrored };
  const tuned = (camera: Camera, deviceOf: TuningParts['deviceOf']): OpenedCamera => {
    const { fixedExposure } = settings.camera;
    const mainsHz = settings.camera.mainsHz ?? mainsHzOf(settings.store.region);
    const wishes = { mainsHz, fixedExposure };
    const tunedCamera = tuneCamera(camera, { wishes, deviceOf, log: parts.log });
    return { camera: tunedCamera, retune: tunedCamera.retune, virtualTray: null };
  };
  switch (kind) {
    case 'tray': {
      const virtualTray = createTrayCamera(openScenePort(parts), {
        seed: options.seed,
        productIds: [],
        worldSize,
        light: { level: 1, warmth: 0, turn: 0 },
        noise: 1.5,
        orientation,
      });
      return { camera: virtualTray, retune: () => undefined, virtualTray };
    }
    case 'live': {
      const camera = openLive({ device, orientation }, parts);
      return tuned(camera, (label) => liveDevice(label, camera.tune, system));
    }
    case 'webcam': {
      const camera = openWebcam({
        device,
        orientation,
        // A picture file as the device serves tests and trials; a shop's settings name a device.
        pictureSources: options.device !== null,
        starter: inHostProcess(() => startUtilityHost(parts.paths.webcamHost)),
        workerUrl: parts.paths.picturesWorker,
      });
      return tuned(camera, () => webcamDevice(device, system));
    }
  }
}

function openLive(
  mounted: Pick<LiveOptions, 'device' | 'orientation'>,
  { paths, serve, log }: CameraParts,
): LiveCamera {
  // A session of its own: its one permission is the camera's. It is kept, for device ids to last.
  const own = session.fromPartition('persist:capture');
  serve(own);
  const window: CaptureWindow = createCaptureWindow({
    url: capturePage,
    preload: paths.capturePreload,
    session: own,
    channels: captureChannels,
    log,
  });
  allowOnlyCamera(own, { url: capturePage, isCaptureWindow: window.owns });
  return createLiveCamera({ window, ...mounted });
}

/** The scene's window; what it says is parsed here, and what is malformed is dropped and logged. */
export function openScenePort({ paths, serve, log }: CameraParts): ScenePort {
  const own = session.fromPartition('tray');
  serve(own);
  denyPermissions(own);
  const window = createCaptureWindow({
    url: scenePage,
    preload: paths.scenePreload,
    session: own,
    channels: { toMain: 'scene:message', toPage: 'scene:command' },
    // Without a GPU one picture of the whole scene may take a second.
    hangMs: 20_000,
    log,
  });
  return {
    open: ({ message, gone }) =>
      window.open({
        message: (raw) => {
          const parsed = sceneToMain.safeParse(raw);
          if (parsed.success) message(parsed.data);
          else log('scene-message-refused', { issues: parsed.error.issues.length });
        },
        gone,
      }),
    send: window.send,
    close: window.close,
  };
}

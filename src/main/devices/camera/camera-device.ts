import type { Session } from 'electron';
import type { Log } from '../../../shared/log.ts';
import type { Paths } from '../../app/paths.ts';
import type { Camera, CameraListener, CameraStatus } from '../../camera/camera.ts';
import type { TrayCamera } from '../../camera/tray/tray-camera.ts';
import type { Device, DeviceCondition, TestResult } from '../device.ts';
import { createStatusHolder } from '../status-holder.ts';

/** The camera over the tray. */
export interface CameraDevice extends Device {
  readonly camera: Camera;
  /** Has it look for its exposure anew; nothing where there is none to look for. */
  readonly retune: () => void;
  /** The virtual tray's own face where it is that. */
  readonly virtualTray: TrayCamera | null;
}

/** What the app gives to a camera's driver. */
export interface CameraContext {
  readonly paths: Paths;
  /** Serves the app's pages to a session. */
  readonly serve: (session: Session) => void;
  /** ISO 3166 country of the store: its mains have 50 or 60 Hz. */
  readonly region: string;
  /** Whether a picture file may stand in for a device, as in tests and trials. */
  readonly takesPictureFiles: boolean;
  readonly log: Log;
}

const testSide = 320;

/** A camera as a device: what it tells whoever looks through it is its status too. */
export function cameraDevice(
  opened: Camera,
  more: Partial<Pick<CameraDevice, 'retune' | 'virtualTray'>> = {},
): CameraDevice {
  const holder = createStatusHolder();
  const camera: Camera = {
    kind: opened.kind,
    start: (listener: CameraListener) =>
      opened.start({
        thumb: (thumb) => listener.thumb(thumb),
        preview: (frame) => listener.preview(frame),
        status: (status) => {
          holder.set(conditionOf(status));
          listener.status(status);
        },
      }),
    photo: (request) => opened.photo(request),
    stop: () => opened.stop(),
  };
  return {
    status: holder.status,
    onStatus: holder.onStatus,
    camera,
    retune: more.retune ?? (() => undefined),
    virtualTray: more.virtualTray ?? null,
    test: () => takePicture(opened),
    stop: () => opened.stop(),
  };
}

function conditionOf(status: CameraStatus): DeviceCondition {
  switch (status.kind) {
    case 'starting':
      return { kind: 'starting' };
    case 'ready':
      return { kind: 'ready', label: status.label };
    case 'lost':
      return { kind: 'lost', code: status.fault, advice: status.advice };
  }
}

async function takePicture(camera: Camera): Promise<TestResult> {
  const startedMs = performance.now();
  try {
    const { width, height } = await camera.photo({ maxSide: testSide });
    const tookMs = Math.round(performance.now() - startedMs);
    return { kind: 'passed', detail: `A picture of ${width} × ${height}.`, tookMs };
  } catch (error) {
    return { kind: 'failed', message: error instanceof Error ? error.message : String(error) };
  }
}

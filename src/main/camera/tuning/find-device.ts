import type { TuningOutcome, TuningRefusal, TuningStep } from '../../../shared/camera-tuning.ts';
import type { VideoDevice } from '../webcam/devices.ts';
import { refusingDevice } from './refusing-device.ts';
import { trackDevice } from './track-device.ts';
import type { TunableDevice } from './tunable-device.ts';
import { openV4l2Ctl } from './v4l2-ctl.ts';
import { openV4l2Device } from './v4l2-device.ts';
import { videoNodeOf } from './video-node.ts';

/** What the system has to set cameras by. */
export interface TuningSystem {
  readonly platform: NodeJS.Platform;
  /** The path of v4l2-ctl; null where it is not installed. */
  readonly findProgram: () => Promise<string | null>;
  readonly listCameras: () => Promise<readonly VideoDevice[]>;
}

type Tune = (step: TuningStep) => Promise<TuningOutcome>;

/** Who can set the camera that Chromium captures: the kernel's controls, or else Chromium. */
export async function liveDevice(
  label: string,
  tune: Tune,
  system: TuningSystem,
): Promise<TunableDevice> {
  const found = await kernelDevice(system, (cameras) => videoNodeOf(label, cameras));
  return typeof found === 'string' ? trackDevice(tune, found) : found;
}

/** The same of the webcam driver, which names its device: nobody but the kernel can set it. */
export async function webcamDevice(
  device: string | null,
  system: TuningSystem,
): Promise<TunableDevice | null> {
  const isPicture = device !== null && /^(FILE|TEST):/.test(device);
  if (isPicture) return null;
  const found = await kernelDevice(system, ([first]) => device ?? first?.device ?? null);
  return typeof found === 'string' ? refusingDevice(found) : found;
}

async function kernelDevice(
  { platform, findProgram, listCameras }: TuningSystem,
  nodeOf: (cameras: readonly VideoDevice[]) => string | null,
): Promise<TunableDevice | TuningRefusal> {
  if (platform !== 'linux') return 'not-on-this-system';
  const program = await findProgram();
  if (program === null) return 'no-program';
  const node = nodeOf(await listCameras());
  return node === null ? 'unknown-device' : openV4l2Device(openV4l2Ctl(program, node));
}

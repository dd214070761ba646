import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import type { CaptureFailure } from '../../../shared/capture-live.ts';
import type { CameraFault } from '../camera.ts';
import { listLinuxCameras } from '../webcam/devices.ts';

// https://www.w3.org/TR/mediacapture-streams/#methods-5, and two names of the capture page.
const faults: Readonly<Record<string, CameraFault>> = {
  NotFoundError: 'no-camera',
  OverconstrainedError: 'no-camera',
  EndedError: 'no-camera',
  NotAllowedError: 'no-permission',
  SecurityError: 'no-permission',
  NotReadableError: 'busy',
  AbortError: 'busy',
  TimeoutError: 'timeout',
};

/** What the page's error means. Chromium calls a camera that it may not open missing or busy. */
export function faultOfCapture(failure: CaptureFailure, nodes: 'open' | 'denied'): CameraFault {
  const fault = faults[failure.name] ?? 'broken-picture';
  const mayBeDenied = fault === 'no-camera' || fault === 'busy';
  return mayBeDenied && nodes === 'denied' ? 'no-permission' : fault;
}

/** Whether Linux lets this user open a camera, as far as there is one. */
export async function probeVideoNodes(): Promise<'open' | 'denied'> {
  if (process.platform !== 'linux') return 'open';
  const cameras = await listLinuxCameras();
  const opened = await Promise.all(
    cameras.map(({ device }) =>
      access(device, constants.R_OK | constants.W_OK).then(
        () => true,
        (error: NodeJS.ErrnoException) => error.code !== 'EACCES',
      ),
    ),
  );
  return opened.length > 0 && !opened.includes(true) ? 'denied' : 'open';
}

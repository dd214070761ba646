import type { VideoDevice } from '../webcam/devices.ts';

/** The kernel keeps so much of a camera's name, of 32 bytes with the end. */
const nameBytes = 31;

/**
 * The device file of the camera that Chromium calls so; null where that cannot be told.
 * Chromium adds the USB ids: “HD Webcam (046d:082d)”.
 */
export function videoNodeOf(label: string, cameras: readonly VideoDevice[]): string | null {
  const name = label.replace(/ \([0-9a-f]{4}:[0-9a-f]{4}\)$/, '');
  const start = (text: string): string =>
    Buffer.from(text).subarray(0, nameBytes).toString().trim();
  const fitting = cameras.filter((camera) => start(camera.label) === start(name));
  // A driver may call its only camera otherwise in one place than in the other.
  const [first, ...others] = fitting.length === 0 ? cameras : fitting;
  return first !== undefined && others.length === 0 ? first.device : null;
}

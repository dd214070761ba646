export type Platform = 'linux' | 'darwin' | 'win32';

export interface DeviceRules {
  readonly platform: Platform;
  /** What the system lists; on macOS and Windows only these are taken. */
  readonly listed: readonly string[];
  /** Takes `FILE:/path.jpg` and `TEST:` too, the picture file and the colour bars of fswebcam. */
  readonly pictureSources: boolean;
}

/** Whether a device's name may reach the program that takes the pictures; its text is never escaped. */
export function isAllowedDevice(device: string, rules: DeviceRules): boolean {
  switch (rules.platform) {
    case 'linux':
      return isVideoNode(device) || (rules.pictureSources && isPictureSource(device));
    case 'darwin':
      // node-webcam puts it between single quotes.
      return rules.listed.includes(device) && /^[\p{L}\p{N} ().,_#:+-]{1,100}$/u.test(device);
    case 'win32':
      return rules.listed.includes(device) && /^\d{1,2}$/.test(device);
  }
}

/** A device file of Video4Linux, by its number or by the camera’s own id. */
export function isVideoNode(device: string): boolean {
  return /^\/dev\/(video\d{1,3}|v4l\/by-id\/[\w.:-]{1,200})$/.test(device);
}

function isPictureSource(device: string): boolean {
  if (device === 'TEST:') return true;
  const path = /^FILE:((?:\/[\w.-]+)+\.jpe?g)$/.exec(device)?.[1];
  return path !== undefined && !path.split('/').includes('..');
}

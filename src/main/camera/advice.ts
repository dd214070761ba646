import type { CameraFault } from './camera.ts';

/** What staff can do about each fault, in one sentence. */
export const cameraAdvice: Readonly<Record<CameraFault, string>> = {
  'no-program':
    'The program that takes the pictures is not installed; install fswebcam (Linux) or imagesnap (macOS), or choose the live camera in the settings.',
  'no-camera':
    'Check that the camera is plugged in, try another USB socket, and look in the settings whether the right camera is chosen.',
  busy: 'Another program is using the camera; close it, or unplug the camera and plug it in again.',
  'no-permission':
    'This app may not use the camera; allow it in the system’s privacy settings, or on Linux add its user to the group “video” and start it again.',
  'broken-picture':
    'The camera delivers damaged pictures; unplug it and plug it in again, and if that does not help use another cable or another camera.',
  timeout:
    'The camera does not answer; unplug it and plug it in again, and use a USB socket of the computer itself instead of a hub.',
};

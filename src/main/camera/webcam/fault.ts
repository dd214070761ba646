import { CameraError } from '../camera.ts';
import type { CameraFault } from '../camera.ts';
import { cameraAdvice } from '../advice.ts';
import { PictureError } from '../picture-error.ts';
import type { ProgramEnd } from './program.ts';

// What fswebcam writes; the system's own words come from strerror in the C locale.
const messages: readonly (readonly [RegExp, CameraFault])[] = [
  [/device or resource busy|resource temporarily unavailable/i, 'busy'],
  [/permission denied|operation not permitted|not authorized/i, 'no-permission'],
  [/timed out waiting for frame|select timeout/i, 'timeout'],
  [/no such (file|device)/i, 'no-camera'],
  [/not a v4l2? device|inappropriate ioctl|no video (devices|source)/i, 'no-camera'],
  [/error accessing file|unable to find a source module/i, 'no-camera'],
  [/unknown file format/i, 'broken-picture'],
];

/** The fault of a run that left no picture. fswebcam ends with 0 whatever happens: its words tell. */
export function faultOfRun(end: ProgramEnd): CameraError {
  switch (end.kind) {
    case 'not-found':
      return fault('no-program', 'The program that takes the pictures was not found.');
    case 'not-started':
      return fault('no-program', `The program that takes the pictures: ${end.reason}`);
    case 'timeout':
      return fault('timeout', `The program did not end in time. ${plain(end.stderr)}`);
    case 'stopped':
      return fault('timeout', 'The capture was stopped.');
    case 'ended': {
      const said = plain(end.stderr);
      const known = messages.find(([pattern]) => pattern.test(said))?.[1];
      return fault(known ?? 'broken-picture', said === '' ? 'There is no picture.' : said);
    }
  }
}

export function faultOfPicture(error: unknown): CameraError {
  if (error instanceof CameraError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const timedOut = error instanceof PictureError && error.fault === 'timeout';
  return fault(timedOut ? 'timeout' : 'broken-picture', message);
}

export function fault(kind: CameraFault, message: string): CameraError {
  return new CameraError(kind, message, cameraAdvice[kind]);
}

// oxlint-disable-next-line no-control-regex -- the escape character is what is looked for
const colourCode = /\u001b\[[\d;]*m/g;

/** fswebcam colours its messages even where nobody sees colours. */
function plain(stderr: string): string {
  return stderr.replaceAll(colourCode, '').replaceAll(/\s+/g, ' ').trim();
}

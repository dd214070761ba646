import type { CallMessage, CallReply } from '../../../shared/calls/call-messages.ts';
import type { ProgramLimits } from './capture.ts';
import type { WebcamSettings } from './node-webcam.ts';
import type { ProgramEnd } from './program.ts';

export interface CaptureJob {
  readonly settings: WebcamSettings;
  /** Where the picture is put: one of its own for each job. */
  readonly path: string;
  readonly limits: ProgramLimits;
}

/** What the host is asked. */
export interface WebcamHost {
  /** Its progress is the program's pid: it leads the process group to end if the host dies first. */
  capture(job: CaptureJob): ProgramEnd;
  /** Ends the program that puts its picture there. */
  stop(path: string): null;
}

export type HostRequest = CallMessage<WebcamHost>;

export type HostReply = CallReply<number | null>;

import type { ProgramLimits } from './capture.ts';
import type { WebcamSettings } from './node-webcam.ts';
import type { ProgramEnd } from './program.ts';

export type HostRequest =
  | {
      readonly kind: 'start';
      readonly id: number;
      readonly settings: WebcamSettings;
      readonly path: string;
      readonly limits: ProgramLimits;
    }
  | { readonly kind: 'stop'; readonly id: number };

export type HostReply =
  /** `pid` leads the process group that is to be ended if the host dies first. */
  | { readonly kind: 'started'; readonly id: number; readonly pid: number | null }
  | { readonly kind: 'ended'; readonly id: number; readonly end: ProgramEnd };

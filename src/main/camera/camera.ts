import type { Photo, Thumb } from '../../shared/frame.ts';
import type { ItemRegion } from '../../shared/item-mask.ts';
import type { CameraTuning } from './tuning/tuner.ts';

export type CameraFault =
  'no-program' | 'no-camera' | 'busy' | 'no-permission' | 'broken-picture' | 'timeout';

export type CameraStatus =
  | { readonly kind: 'starting' }
  /** Told again with `tuning` when the camera has been asked to hold still. */
  | { readonly kind: 'ready'; readonly label: string; readonly tuning?: CameraTuning }
  /** Tried again by the driver itself; `advice` says in one sentence what staff can do. */
  | { readonly kind: 'lost'; readonly fault: CameraFault; readonly advice: string };

export interface PhotoRequest {
  /** The part wanted, with a mask painted round its item; the whole picture without it. */
  readonly region?: ItemRegion;
  /** Longest side at most, in pixels; a larger picture is scaled down. */
  readonly maxSide: number;
}

/** A frame for the shopper's eyes. */
export interface PreviewFrame {
  readonly jpeg: Uint8Array;
  readonly width: number;
  readonly height: number;
}

export interface CameraListener {
  thumb(thumb: Thumb): void;
  preview(frame: PreviewFrame): void;
  status(status: CameraStatus): void;
}

/** One contract for a webcam through node-webcam, Chromium's live capture and the demo's virtual tray. */
export interface Camera {
  readonly kind: 'webcam' | 'live' | 'tray';
  /** Starts delivering to the listener, and goes on trying by itself when the camera is missing or lost. */
  start(listener: CameraListener): void;
  /** Rejects with a CameraError. */
  photo(request: PhotoRequest): Promise<Photo>;
  /** Resolves when every program, window and file of the driver is gone. */
  stop(): Promise<void>;
}

export class CameraError extends Error {
  readonly fault: CameraFault;
  /** One sentence for staff: what to do about it. */
  readonly advice: string;

  constructor(fault: CameraFault, message: string, advice: string) {
    super(message);
    this.name = 'CameraError';
    this.fault = fault;
    this.advice = advice;
  }
}

import type { TuningOutcome, TuningStep } from './camera-tuning.ts';
import type { Photo, Thumb } from './frame.ts';
import type { ItemRegion } from './item-mask.ts';
import type { Orientation } from './orientation.ts';

export interface CameraDevice {
  /** Stays the same for this app on this machine. */
  readonly id: string;
  /** As the camera calls itself. */
  readonly label: string;
}

/** Which camera to open, and how. */
export interface CameraWish {
  /** Id or label of a device; null for whichever there is. */
  readonly device: string | null;
  /** Asked of the camera, which may have another. */
  readonly width: number;
  readonly height: number;
  readonly framesPerSecond: number;
  /** What makes its pictures upright; all that comes of them is. */
  readonly orientation: Orientation;
}

export interface OpenedCamera {
  readonly label: string;
  readonly width: number;
  readonly height: number;
}

/** `name` is that of the DOMException, or one of ours: `EndedError`, `TimeoutError`. */
export interface CaptureFailure {
  readonly name: string;
  readonly message: string;
}

export interface CapturePreview {
  readonly jpeg: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** What the capture window says to main. */
export type CaptureToMain =
  /** Listening; the first of all messages. */
  | { readonly kind: 'ready' }
  | { readonly kind: 'devices'; readonly devices: readonly CameraDevice[] }
  | ({ readonly kind: 'opened' } & OpenedCamera)
  /** It is tried again without being asked. */
  | ({ readonly kind: 'lost' } & CaptureFailure)
  | ({ readonly kind: 'thumb' } & Thumb)
  | ({ readonly kind: 'preview' } & CapturePreview)
  | ({ readonly kind: 'photo'; readonly requestId: number } & Photo)
  | { readonly kind: 'photoFailed'; readonly requestId: number; readonly message: string }
  | ({ readonly kind: 'tuned'; readonly requestId: number } & TuningOutcome);

/** What main says to the capture window. */
export type MainToCapture =
  /** Closes what is open, and keeps the wished camera open from now on. */
  | ({ readonly kind: 'open' } & CameraWish)
  /** One thumb or preview was taken in; the window sends no more than two ahead. */
  | { readonly kind: 'taken'; readonly what: 'thumb' | 'preview' }
  | {
      readonly kind: 'photo';
      readonly requestId: number;
      readonly region: ItemRegion | null;
      readonly maxSide: number;
    }
  /** Asks the open camera to find its values or to hold them; answered by `tuned`. */
  | { readonly kind: 'tune'; readonly requestId: number; readonly step: TuningStep };

/** What the capture window's preload puts on `window.capture`. */
export interface LiveCapture {
  ready(): void;
  devices(devices: readonly CameraDevice[]): void;
  opened(camera: OpenedCamera): void;
  lost(failure: CaptureFailure): void;
  thumb(thumb: Thumb): void;
  preview(preview: CapturePreview): void;
  photo(requestId: number, photo: Photo): void;
  photoFailed(requestId: number, message: string): void;
  tuned(requestId: number, outcome: TuningOutcome): void;
  /** One listener: a second call replaces the first. */
  onCommand(listener: (command: MainToCapture) => void): void;
}

export const captureChannels = { toMain: 'capture:message', toPage: 'capture:command' } as const;

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

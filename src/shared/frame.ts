/** A small grey picture of the camera's whole view, row by row, one byte a pixel. */
export interface Thumb {
  readonly width: number;
  readonly height: number;
  readonly grey: Uint8Array;
  /** Milliseconds on the driver's monotonic clock; only differences mean anything. */
  readonly atMs: number;
}

/** A part of a picture in fractions of its width and height (0 to 1), as Custom Vision writes boxes. */
export interface Region {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** A JPEG with what is known of it. */
export interface Photo {
  readonly jpeg: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly atMs: number;
}

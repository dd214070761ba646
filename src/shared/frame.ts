/** How blue and how red each pixel is, as in ITU-R BT.601 at full range: 128 is neither. */
export interface Chroma {
  readonly cb: Uint8Array;
  readonly cr: Uint8Array;
}

/** A small picture of the camera's whole view, row by row, one byte a pixel and plane. */
export interface Thumb {
  readonly width: number;
  readonly height: number;
  readonly grey: Uint8Array;
  /** Of the same size as `grey`; missing where the camera has no colours. */
  readonly chroma?: Chroma;
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

/** Why a picture cannot be used, whatever it was meant to show. */
export type PictureFault =
  | 'empty'
  | 'not-a-jpeg'
  | 'truncated'
  | 'too-large'
  | 'wrong-size'
  | 'undecodable'
  | 'unreadable'
  | 'timeout'
  | 'no-picture-yet'
  | 'closed';

export class PictureError extends Error {
  readonly fault: PictureFault;

  constructor(fault: PictureFault, message: string) {
    super(message);
    this.name = 'PictureError';
    this.fault = fault;
  }
}

export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** Decoding takes four bytes a pixel; more than this is no camera's frame. */
export const maxPixels = 24_000_000;

const markerStart = 0xff;
const startOfImage = 0xd8;
const endOfImage = 0xd9;
const startOfScan = 0xda;

/** Reads the size of a whole JPEG without decoding it. Throws a PictureError naming what is wrong. */
export function readJpegSize(bytes: Uint8Array): PictureSize {
  if (bytes.length === 0) throw new PictureError('empty', 'The picture has 0 bytes.');
  if (bytes[0] !== markerStart || bytes[1] !== startOfImage) {
    throw new PictureError('not-a-jpeg', 'The picture does not begin as a JPEG does.');
  }
  if (bytes.at(-2) !== markerStart || bytes.at(-1) !== endOfImage) {
    throw new PictureError('truncated', 'The picture ends before its end: it was cut off.');
  }
  const size = findFrameSize(bytes);
  if (size.width * size.height > maxPixels) {
    const megapixels = Math.round((size.width * size.height) / 1e6);
    throw new PictureError(
      'too-large',
      `The picture has ${megapixels} megapixels; at most ${maxPixels / 1e6} are decoded.`,
    );
  }
  return size;
}

/** Walks the segments (ITU-T T.81, annex B) to the start of frame. */
function findFrameSize(bytes: Uint8Array): PictureSize {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 2;
  while (at + 4 <= bytes.length && bytes[at] === markerStart) {
    const marker = view.getUint8(at + 1);
    if (marker === markerStart) {
      at += 1;
      continue;
    }
    if (marker === startOfScan || marker === endOfImage) break;
    if (isStartOfFrame(marker) && at + 9 <= bytes.length) {
      const size = { height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
      if (size.width === 0 || size.height === 0) break;
      return size;
    }
    at += 2 + view.getUint16(at + 2);
  }
  throw new PictureError('not-a-jpeg', 'The picture has no size in its header.');
}

function isStartOfFrame(marker: number): boolean {
  const notFrames = [0xc4, 0xc8, 0xcc];
  return marker >= 0xc0 && marker <= 0xcf && !notFrames.includes(marker);
}

export type PictureFormat = 'jpeg' | 'png' | 'bmp' | 'gif';

export interface PictureHeader {
  readonly format: PictureFormat;
  /** 0 where the file says so, as its height. */
  readonly width: number;
  readonly height: number;
  /** Whether the file reaches its own end; a decoder would fill the rest of a torn one with grey. */
  readonly complete: boolean;
}

type Size = Omit<PictureHeader, 'format'>;

/**
 * Reads format and size without decoding: what claims to have more pixels than memory has bytes must
 * not reach a decoder. Undefined where it is none of the formats that Custom Vision takes, or breaks
 * off before it has told its size.
 */
export function readPictureHeader(bytes: Uint8Array): PictureHeader | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (const { format, signature, read } of formats) {
    if (!signature.every((byte, index) => bytes[index] === byte)) continue;
    try {
      const size = read(view);
      if (size && size.width >= 0) return { format, ...size };
    } catch (error) {
      // DataView throws a RangeError past the end: the file is torn before its size.
      if (!(error instanceof RangeError)) throw error;
    }
    return undefined;
  }
  return undefined;
}

const formats: readonly {
  format: PictureFormat;
  signature: readonly number[];
  read: (view: DataView) => Size | undefined;
}[] = [
  { format: 'jpeg', signature: [0xff, 0xd8, 0xff], read: readJpeg },
  { format: 'png', signature: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], read: readPng },
  { format: 'gif', signature: [0x47, 0x49, 0x46, 0x38], read: readGif },
  { format: 'bmp', signature: [0x42, 0x4d], read: readBmp },
];

const notFrameHeaders = new Set([0xc4, 0xc8, 0xcc]);

function readJpeg(view: DataView): Size | undefined {
  let size: { width: number; height: number } | undefined;
  let offset = 2;
  for (;;) {
    if (view.getUint8(offset) !== 0xff) return undefined;
    const marker = view.getUint8(offset + 1);
    if (marker === 0xff) {
      offset += 1;
      continue;
    }
    if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7)) {
      offset += 2;
      continue;
    }
    if (marker === 0xd9) return undefined;
    if (marker >= 0xc0 && marker <= 0xcf && !notFrameHeaders.has(marker)) {
      size = { height: view.getUint16(offset + 5), width: view.getUint16(offset + 7) };
    }
    if (marker === 0xda) return size && { ...size, complete: hasEndOfImage(view, offset) };
    offset += 2 + view.getUint16(offset + 2);
  }
}

// Searched from the end, because cameras add bytes of their own after the picture.
function hasEndOfImage(view: DataView, from: number): boolean {
  for (let offset = view.byteLength - 2; offset > from; offset -= 1) {
    if (view.getUint8(offset) === 0xff && view.getUint8(offset + 1) === 0xd9) return true;
  }
  return false;
}

const ihdr = 0x49484452;
const iend = 0x49454e44;

function readPng(view: DataView): Size | undefined {
  if (view.getUint32(12) !== ihdr) return undefined;
  const size = { width: view.getUint32(16), height: view.getUint32(20) };
  let offset = 8;
  while (offset + 12 <= view.byteLength) {
    if (view.getUint32(offset + 4) === iend) return { ...size, complete: true };
    offset += 12 + view.getUint32(offset);
  }
  return { ...size, complete: false };
}

const gifBlocks = { extension: 0x21, image: 0x2c } as const;

/**
 * A decoder makes its canvas large enough for the first frame, whatever the screen is said to be:
 * forty bytes could ask for gigabytes.
 */
function readGif(view: DataView): Size {
  let [width, height] = [view.getUint16(6, true), view.getUint16(8, true)];
  const frame = firstGifFrame(view);
  if (frame !== undefined) {
    width = Math.max(width, view.getUint16(frame + 1, true) + view.getUint16(frame + 5, true));
    height = Math.max(height, view.getUint16(frame + 3, true) + view.getUint16(frame + 7, true));
  }
  return { width, height, complete: view.getUint8(view.byteLength - 1) === 0x3b };
}

/** Where the first frame begins; undefined where there is none. */
function firstGifFrame(view: DataView): number | undefined {
  const flags = view.getUint8(10);
  let offset = 13 + (flags & 0x80 ? 3 * 2 ** ((flags & 0x07) + 1) : 0);
  while (view.getUint8(offset) === gifBlocks.extension) {
    offset += 2;
    for (let length = view.getUint8(offset); length > 0; length = view.getUint8(offset)) {
      offset += 1 + length;
    }
    offset += 1;
  }
  return view.getUint8(offset) === gifBlocks.image ? offset : undefined;
}

const oldBmpHeaderBytes = 12;

function readBmp(view: DataView): Size {
  const pixelsAt = view.getUint32(10, true);
  const old = view.getUint32(14, true) === oldBmpHeaderBytes;
  const width = old ? view.getUint16(18, true) : view.getInt32(18, true);
  // A negative height says that the rows run from the top down.
  const height = Math.abs(old ? view.getUint16(20, true) : view.getInt32(22, true));
  const bitsPerPixel = view.getUint16(old ? 24 : 28, true);
  const compressed = !old && ![0, 3].includes(view.getUint32(30, true));
  const rowBytes = Math.ceil((width * bitsPerPixel) / 32) * 4;
  const complete = compressed || view.byteLength >= pixelsAt + rowBytes * height;
  return { width, height, complete };
}

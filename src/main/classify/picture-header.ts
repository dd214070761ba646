interface PictureHeader {
  readonly format: 'JPEG' | 'PNG' | 'GIF' | 'BMP';
  readonly width: number;
  readonly height: number;
}

/**
 * Reads format and size from a file's first bytes, without decoding it: what claims to have more
 * pixels than memory has bytes must not reach a decoder. Null where it is none of the formats that
 * Custom Vision takes, or breaks off before it has told its size.
 */
export function readPictureHeader(bytes: Buffer): PictureHeader | null {
  if (bytes.length < 10) return null;
  if (bytes.readUInt16BE(0) === 0xffd8) return readJpeg(bytes);
  if (bytes.subarray(0, 8).equals(pngSignature) && bytes.length >= 24) {
    return { format: 'PNG', width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
  }
  if (/^GIF8[79]a$/.test(bytes.toString('latin1', 0, 6))) {
    return { format: 'GIF', width: bytes.readUInt16LE(6), height: bytes.readUInt16LE(8) };
  }
  if (bytes.toString('latin1', 0, 2) === 'BM' && bytes.length >= 26) {
    // A negative height means that the rows go from top to bottom.
    return {
      format: 'BMP',
      width: bytes.readInt32LE(18),
      height: Math.abs(bytes.readInt32LE(22)),
    };
  }
  return null;
}

const pngSignature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** Walks the segments up to the frame header (SOF), ITU-T T.81, annex B. */
function readJpeg(bytes: Buffer): PictureHeader | null {
  let at = 2;
  while (at + 9 <= bytes.length) {
    if (bytes[at] !== 0xff) return null;
    const marker = bytes[at + 1] ?? 0;
    // Any number of fill bytes may stand before a marker.
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (isFrameHeader(marker)) {
      return {
        format: 'JPEG',
        width: bytes.readUInt16BE(at + 7),
        height: bytes.readUInt16BE(at + 5),
      };
    }
    at += 2 + Math.max(2, bytes.readUInt16BE(at + 2));
  }
  return null;
}

/** 0xC0 to 0xCF, of which three are tables and no frames. */
function isFrameHeader(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
}

import type { Detection } from './name-proposals.ts';

export interface HeldOutDetections {
  readonly fold: number;
  readonly detections: readonly Detection[];
}

/** An odd number of bytes before parts of an even one: no other validation is as long. */
const headBytes = 5;
const eachBytes = 22;
const version = 1;

/**
 * What was found in one photo that was held out, as it is kept: a version as byte and the fold as
 * uint32, then for each detection the place of its tag as uint16, probability, left, top, width and
 * height as float32, little-endian.
 */
export function encodeDetections({ fold, detections }: HeldOutDetections): Uint8Array {
  const bytes = new Uint8Array(headBytes + detections.length * eachBytes);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, version);
  view.setUint32(1, fold, true);
  detections.forEach(({ tag, probability, box: { left, top, width, height } }, index) => {
    const start = headBytes + index * eachBytes;
    view.setUint16(start, tag, true);
    [probability, left, top, width, height].forEach((value, place) =>
      view.setFloat32(start + 2 + 4 * place, value, true),
    );
  });
  return bytes;
}

/** Undefined where the bytes are something else. */
export function decodeDetections(bytes: Uint8Array): HeldOutDetections | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = (bytes.byteLength - headBytes) / eachBytes;
  if (!Number.isInteger(count) || count < 0 || view.getUint8(0) !== version) return undefined;
  return {
    fold: view.getUint32(1, true),
    detections: Array.from({ length: count }, (_, index) => {
      const start = headBytes + index * eachBytes;
      const number = (place: number): number => view.getFloat32(start + 2 + 4 * place, true);
      return {
        tag: view.getUint16(start, true),
        probability: number(0),
        box: { left: number(1), top: number(2), width: number(3), height: number(4) },
      };
    }),
  };
}

/** How many bytes a picture of 4:2:0 has: its brightness, then blue and red at half the size. */
export function sizeOfI420(width: number, height: number): number {
  return width * height + 2 * halved(width) * halved(height);
}

/** The planes' places in it. */
export function planesOfI420(
  picture: Uint8Array,
  width: number,
  height: number,
): { luma: Uint8Array; cb: Uint8Array; cr: Uint8Array } {
  const size = width * height;
  const small = halved(width) * halved(height);
  return {
    luma: picture.subarray(0, size),
    cb: picture.subarray(size, size + small),
    cr: picture.subarray(size + small, size + 2 * small),
  };
}

/** How each format that decoders give stores its colours: a byte of a plane stands for how many pixels. */
const formats: Readonly<Record<string, { across: number; down: number; interleaved: boolean }>> = {
  I420: { across: 2, down: 2, interleaved: false },
  I420A: { across: 2, down: 2, interleaved: false },
  NV12: { across: 2, down: 2, interleaved: true },
  I422: { across: 2, down: 1, interleaved: false },
  I444: { across: 1, down: 1, interleaved: false },
};

/** The same picture as I420, from bytes of a format of WebCodecs, without gaps between the rows. */
export function repackAsI420(
  bytes: Uint8Array,
  format: string | null,
  width: number,
  height: number,
): Uint8Array<ArrayBuffer> {
  const from = formats[format ?? ''];
  if (from === undefined) {
    throw new Error(
      `Its pictures are ${format ?? 'of an unknown format'}; only 8-bit YUV is read.`,
    );
  }
  const picture = new Uint8Array(sizeOfI420(width, height));
  const { luma, cb, cr } = planesOfI420(picture, width, height);
  const size = width * height;
  luma.set(bytes.subarray(0, size));
  const columns = Math.ceil(width / from.across);
  const rows = Math.ceil(height / from.down);
  const step = from.interleaved ? 2 : 1;
  for (const [plane, target] of [cb, cr].entries()) {
    const start = size + (from.interleaved ? plane : plane * columns * rows);
    const colour = (x: number, y: number): number =>
      bytes[start + (Math.min(y, rows - 1) * columns + Math.min(x, columns - 1)) * step] ?? 0;
    const [wide, high] = [2 / from.across, 2 / from.down];
    for (let y = 0; y < halved(height); y += 1) {
      for (let x = 0; x < halved(width); x += 1) {
        let sum = 0;
        for (let dy = 0; dy < high; dy += 1) {
          for (let dx = 0; dx < wide; dx += 1) sum += colour(x * wide + dx, y * high + dy);
        }
        target[y * halved(width) + x] = Math.round(sum / (wide * high));
      }
    }
  }
  return picture;
}

/** Whether it has no colours. */
export function isNeutral(picture: Uint8Array, width: number, height: number): boolean {
  return picture.subarray(width * height).every((value) => value === 128);
}

function halved(size: number): number {
  return Math.ceil(size / 2);
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Whether two sizes are the same picture, larger or smaller, but for rounding. */
export function haveSameProportions(a: Size, b: Size): boolean {
  return Math.abs((a.width * b.height) / (a.height * b.width) - 1) < 0.02;
}

/** A picture in another size: each pixel is the mean of those it stands for, or lies between them. */
export function resample(picture: Float32Array, from: Size, to: Size): Float32Array {
  const out = new Float32Array(to.width * to.height);
  const scaleX = from.width / to.width;
  const scaleY = from.height / to.height;
  const samples = Math.max(1, Math.ceil(Math.max(scaleX, scaleY)));
  for (let y = 0, p = 0; y < to.height; y++) {
    for (let x = 0; x < to.width; x++, p++) {
      let sum = 0;
      for (let j = 0; j < samples; j++) {
        for (let i = 0; i < samples; i++) {
          const atX = (x + (i + 0.5) / samples) * scaleX - 0.5;
          const atY = (y + (j + 0.5) / samples) * scaleY - 0.5;
          sum += valueBetween(picture, from, atX, atY);
        }
      }
      out[p] = sum / (samples * samples);
    }
  }
  return out;
}

/** The same for a mask of 0 and 1. */
export function resampleMask(mask: Uint8Array, from: Size, to: Size): Uint8Array {
  return Uint8Array.from(resample(Float32Array.from(mask), from, to), (part) =>
    part >= 0.5 ? 1 : 0,
  );
}

function valueBetween(
  picture: Float32Array,
  { width, height }: Size,
  x: number,
  y: number,
): number {
  const cx = Math.min(width - 1, Math.max(0, x));
  const cy = Math.min(height - 1, Math.max(0, y));
  const x0 = Math.floor(cx);
  const y0 = Math.floor(cy);
  const x1 = Math.min(width - 1, x0 + 1);
  const y1 = Math.min(height - 1, y0 + 1);
  const partX = cx - x0;
  const upper = picture[y0 * width + x0]! * (1 - partX) + picture[y0 * width + x1]! * partX;
  const lower = picture[y1 * width + x0]! * (1 - partX) + picture[y1 * width + x1]! * partX;
  return upper + (lower - upper) * (cy - y0);
}

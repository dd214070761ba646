import type { Raster } from './scene.ts';

/** JPEG bytes of a raster. */
export async function jpegOf(raster: Raster, quality: number): Promise<Uint8Array> {
  const { canvas, brush } = blank(raster.width, raster.height);
  brush.putImageData(new ImageData(raster.rgba, raster.width, raster.height), 0, 0);
  return encoded(canvas, 'image/jpeg', quality);
}

/** JPEG bytes of a canvas as it is now: what is drawn later does not come in. */
export function jpegOfCanvas(canvas: OffscreenCanvas, quality: number): Promise<Uint8Array> {
  return encoded(canvas, 'image/jpeg', quality);
}

/** WebP bytes with transparency, made smaller to `side` pixels each way. */
export async function webpOf(raster: Raster, side: number, quality: number): Promise<Uint8Array> {
  const full = blank(raster.width, raster.height);
  full.brush.putImageData(
    new ImageData(withoutPremultiplying(raster.rgba), raster.width, raster.height),
    0,
    0,
  );
  const { canvas, brush } = blank(side, side);
  brush.imageSmoothingQuality = 'high';
  brush.drawImage(full.canvas, 0, 0, side, side);
  return encoded(canvas, 'image/webp', quality);
}

function blank(width: number, height: number) {
  const canvas = new OffscreenCanvas(width, height);
  const brush = canvas.getContext('2d', { willReadFrequently: true });
  if (brush === null) throw new Error('This system gives the page no 2D canvas.');
  return { canvas, brush };
}

async function encoded(
  canvas: OffscreenCanvas,
  type: string,
  quality: number,
): Promise<Uint8Array> {
  const blob = await canvas.convertToBlob({ type, quality });
  return new Uint8Array(await blob.arrayBuffer());
}

/** WebGL leaves edges multiplied by their coverage; image data wants them plain. */
function withoutPremultiplying(
  rgba: Uint8ClampedArray<ArrayBuffer>,
): Uint8ClampedArray<ArrayBuffer> {
  const plain = new Uint8ClampedArray(rgba);
  for (let i = 0; i < plain.length; i += 4) {
    const alpha = plain[i + 3] ?? 0;
    if (alpha === 0 || alpha === 255) continue;
    for (let channel = i; channel < i + 3; channel += 1) {
      plain[channel] = ((plain[channel] ?? 0) * 255) / alpha;
    }
  }
  return plain;
}

import { DataTexture, LinearFilter, LinearMipmapLinearFilter, RepeatWrapping } from 'three';
import { createRandom } from '../random.ts';
import type { Random } from '../random.ts';

export type Rgb = readonly [number, number, number];
export type Brush = OffscreenCanvasRenderingContext2D;

export function rgb(hex: number): Rgb {
  return [(hex >> 16) & 255, (hex >> 8) & 255, hex & 255];
}

export function blend(a: Rgb, b: Rgb, t: number): Rgb {
  return [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t];
}

/** Value noise, about -1 to 1, that repeats every `period` cells in x so that it joins at a seam. */
export type Noise = (x: number, y: number, period: number) => number;

const LATTICE = 256;

export function createNoise(random: Random): Noise {
  const lattice = new Float32Array(LATTICE * LATTICE);
  for (let i = 0; i < lattice.length; i += 1) lattice[i] = random.next() * 2 - 1;
  const cell = (x: number, y: number): number =>
    lattice[(y & (LATTICE - 1)) * LATTICE + (x & (LATTICE - 1))] ?? 0;
  return (x, y, period) => {
    const x0 = Math.floor(x);
    const y0 = Math.floor(y);
    let fx = x - x0;
    let fy = y - y0;
    fx = fx * fx * (3 - 2 * fx);
    fy = fy * fy * (3 - 2 * fy);
    const left = ((x0 % period) + period) % period;
    const right = (left + 1) % period;
    const top = cell(left, y0) + (cell(right, y0) - cell(left, y0)) * fx;
    const bottom = cell(left, y0 + 1) + (cell(right, y0 + 1) - cell(left, y0 + 1)) * fx;
    return top + (bottom - top) * fy;
  };
}

/** One lattice for all: making one costs more than reading it at another place. */
export const sharedNoise: Noise = createNoise(createRandom(20));

/** Paints each pixel by a function of u (around) and v (along, 0 at the start), then by brush. */
export function painted(
  width: number,
  height: number,
  colour: (u: number, v: number) => Rgb,
  after?: (brush: Brush) => void,
): DataTexture {
  const canvas = new OffscreenCanvas(width, height);
  const brush = brushOf(canvas);
  const image = brush.createImageData(width, height);
  const data = image.data;
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const [r, g, b] = colour(x / width, 1 - (y + 0.5) / height);
      const at = (y * width + x) * 4;
      data[at] = r;
      data[at + 1] = g;
      data[at + 2] = b;
      data[at + 3] = 255;
    }
  }
  brush.putImageData(image, 0, 0);
  after?.(brush);
  return textureOf(canvas);
}

export function drawn(
  width: number,
  height: number,
  draw: (brush: Brush, width: number, height: number) => void,
): DataTexture {
  const canvas = new OffscreenCanvas(width, height);
  draw(brushOf(canvas), width, height);
  return textureOf(canvas);
}

/** Small round spots, joined over the seam, inside a band of the texture (in v). */
export function speckle(
  brush: Brush,
  random: Random,
  spots: {
    count: number;
    from: number;
    to: number;
    radius: readonly [number, number];
    colour: string;
    stretch?: number;
  },
): void {
  const { width, height } = brush.canvas;
  brush.fillStyle = spots.colour;
  for (let i = 0; i < spots.count; i += 1) {
    const v = random.between(spots.from, spots.to);
    const x = random.next() * width;
    const y = (1 - v) * height;
    const radius = random.between(spots.radius[0], spots.radius[1]);
    // Towards the ends the skin narrows: spots are drawn wider there to come out round.
    const wide = Math.min(6, 1 / Math.max(0.12, Math.sin(Math.PI * v))) * (spots.stretch ?? 1);
    for (const shift of [0, width, -width]) {
      if (x + shift + radius * wide < 0 || x + shift - radius * wide > width) continue;
      brush.beginPath();
      brush.ellipse(x + shift, y, radius * wide, radius, 0, 0, 2 * Math.PI);
      brush.fill();
    }
  }
}

function brushOf(canvas: OffscreenCanvas): Brush {
  // Kept in plain memory: the pixels are read back, never shown.
  const brush = canvas.getContext('2d', { willReadFrequently: true });
  if (brush === null) throw new Error('This system gives the page no 2D canvas.');
  return brush;
}

/** Uploaded as bytes that the shader decodes: a canvas as sRGB texture takes some 30 times as long. */
function textureOf(canvas: OffscreenCanvas): DataTexture {
  const { width, height } = canvas;
  const { data } = brushOf(canvas).getImageData(0, 0, width, height);
  const flipped = new Uint8Array(data.length);
  const row = width * 4;
  for (let y = 0; y < height; y += 1) {
    flipped.set(data.subarray((height - 1 - y) * row, (height - y) * row), y * row);
  }
  const texture = new DataTexture(flipped, width, height);
  texture.wrapS = RepeatWrapping;
  texture.magFilter = LinearFilter;
  texture.minFilter = LinearMipmapLinearFilter;
  texture.generateMipmaps = true;
  texture.needsUpdate = true;
  return texture;
}

import type { FilmPicture } from '../film.ts';
import type { HandPose, Point } from './hand-poses.ts';
import { largestPart, rounded, softEdge } from './matte.ts';
import { emptyCutout } from './picture.ts';
import type { Cutout } from './picture.ts';

/** A hand upright: its arm would go up from the wrist, its finger tips point down. */
export interface Hand {
  readonly cutout: Cutout;
  readonly grip: Point;
  /** The line across the wrist, left end first; the hand ends there. */
  readonly wrist: readonly [Point, Point];
  readonly backMissing: boolean;
}

/** Pixels of a hand to one of the film's. */
const handScale = 0.5;
const margin = 6;

/** Cuts the hand out of the film's picture and turns it upright. */
export function cutHand(picture: FilmPicture, pose: HandPose): Hand {
  const { width, height } = picture;
  const { luma, chroma } = atFullRange(picture);
  const halfWidth = Math.ceil(width / 2);
  // The film's pixels around the hand.
  const xs = pose.outline.map(([x]) => x);
  const ys = pose.outline.map(([, y]) => y);
  const boxLeft = Math.max(0, Math.min(...xs) - margin);
  const boxTop = Math.max(0, Math.min(...ys) - margin);
  const boxWidth = Math.min(width, Math.max(...xs) + margin) - boxLeft;
  const boxHeight = Math.min(height, Math.max(...ys) + margin) - boxTop;
  const mask = new Uint8Array(boxWidth * boxHeight);
  for (let row = 0; row < boxHeight; row += 1) {
    for (let column = 0; column < boxWidth; column += 1) {
      const [x, y] = [boxLeft + column, boxTop + row];
      if (!isInside(pose.outline, x, y)) continue;
      const half = (y >> 1) * halfWidth + (x >> 1);
      const blue = (chroma.cb[half] ?? 0) - 128;
      const red = (chroma.cr[half] ?? 0) - 128;
      const light = luma[y * width + x] ?? 0;
      if (isSkin(light, blue, red)) mask[row * boxWidth + column] = 1;
    }
  }
  const part = largestPart(rounded(mask, boxWidth, boxHeight, 3), boxWidth, boxHeight, false);
  const matte = softEdge(part, boxWidth, boxHeight, 1.5, 1.5);

  const middle = between(pose.wrist[0], pose.wrist[1]);
  const length = Math.hypot(middle[0] - pose.grip[0], middle[1] - pose.grip[1]);
  const up: Point = [(middle[0] - pose.grip[0]) / length, (middle[1] - pose.grip[1]) / length];
  const upright = ([x, y]: Point): Point => {
    const [dx, dy] = [x - pose.grip[0], y - pose.grip[1]];
    return [handScale * (-dx * up[1] + dy * up[0]), handScale * -(dx * up[0] + dy * up[1])];
  };
  const corners = [...pose.outline, ...pose.wrist].map(upright);
  const left = Math.min(...corners.map(([x]) => x)) - margin;
  const right = Math.max(...corners.map(([x]) => x)) + margin;
  const top = Math.min(...corners.map(([, y]) => y)) - margin;
  const bottom = Math.max(...corners.map(([, y]) => y)) + margin;
  const cutout = emptyCutout(Math.ceil(right - left), Math.ceil(bottom - top));
  const [wristA, wristB] = [upright(pose.wrist[0]), upright(pose.wrist[1])];
  const wrist = wristA[0] < wristB[0] ? ([wristA, wristB] as const) : ([wristB, wristA] as const);
  const samples = 3;
  for (let y = 0; y < cutout.height; y += 1) {
    for (let x = 0; x < cutout.width; x += 1) {
      let [alpha, light, blue, red] = [0, 0, 0, 0];
      for (let sample = 0; sample < samples * samples; sample += 1) {
        const sx = left + x + ((sample % samples) + 0.5) / samples;
        const sy = top + y + (Math.floor(sample / samples) + 0.5) / samples;
        if (isBeyond(wrist, sx, sy)) continue;
        const fromX = Math.round(pose.grip[0] + (-sx * up[1] - sy * up[0]) / handScale);
        const fromY = Math.round(pose.grip[1] + (sx * up[0] - sy * up[1]) / handScale);
        const [column, row] = [fromX - boxLeft, fromY - boxTop];
        if (column < 0 || row < 0 || column >= boxWidth || row >= boxHeight) continue;
        const p = fromY * width + fromX;
        const share = matte[row * boxWidth + column] ?? 0;
        const half = (fromY >> 1) * halfWidth + (fromX >> 1);
        alpha += share;
        light += share * (luma[p] ?? 0);
        blue += share * ((chroma.cb[half] ?? 0) - 128);
        red += share * ((chroma.cr[half] ?? 0) - 128);
      }
      if (alpha === 0) continue;
      const p = y * cutout.width + x;
      cutout.alpha[p] = alpha / (samples * samples);
      cutout.luma[p] = light / alpha;
      cutout.cb[p] = blue / alpha;
      cutout.cr[p] = red / alpha;
    }
  }
  const shifted = ([x, y]: Point): Point => [x - left, y - top];
  return {
    cutout,
    grip: [-left, -top],
    wrist: [shifted(wrist[0]), shifted(wrist[1])],
    backMissing: pose.backMissing,
  };
}

/** Its levels from 0 to 255, as they are in photographs. */
function atFullRange({ luma, chroma }: FilmPicture): Pick<FilmPicture, 'luma'> & {
  readonly chroma: { readonly cb: Uint8Array; readonly cr: Uint8Array };
} {
  if (chroma === null) throw new Error('Hands are cut out of a film with colours.');
  if (chroma.coding?.fullRange !== false) return { luma, chroma };
  const [lumaTable, chromaTable] = [new Uint8ClampedArray(256), new Uint8ClampedArray(256)];
  for (let level = 0; level < 256; level += 1) {
    lumaTable[level] = ((level - 16) * 255) / 219;
    chromaTable[level] = 128 + ((level - 128) * 255) / 224;
  }
  const through = (plane: Uint8Array, table: Uint8ClampedArray): Uint8Array =>
    plane.map((level) => table[level] ?? 0);
  return {
    luma: through(luma, lumaTable),
    chroma: { cb: through(chroma.cb, chromaTable), cr: through(chroma.cr, chromaTable) },
  };
}

/** Skin in this film's light; wooden blocks are yellower, red ones redder, the mat is dark. */
function isSkin(light: number, blue: number, red: number): boolean {
  if (light < 62 || red < 6 || red > 46) return false;
  return blue > -27 && blue < 4 && blue > -1.25 * red - 3;
}

function isBeyond([a, b]: readonly [Point, Point], x: number, y: number): boolean {
  const share = (x - a[0]) / (b[0] - a[0]);
  return y < a[1] + share * (b[1] - a[1]);
}

function isInside(outline: readonly Point[], x: number, y: number): boolean {
  let inside = false;
  for (const [index, [ax, ay]] of outline.entries()) {
    const [bx, by] = outline[(index + 1) % outline.length] ?? [ax, ay];
    if (ay > y !== by > y && x < ax + ((y - ay) / (by - ay)) * (bx - ax)) inside = !inside;
  }
  return inside;
}

function between(a: Point, b: Point): Point {
  return [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
}

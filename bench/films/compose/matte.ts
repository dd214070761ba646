import { blurred } from './picture.ts';

/** The largest connected part of a mask; with its holes filled if wanted. */
export function largestPart(
  mask: Uint8Array,
  width: number,
  height: number,
  fillHoles: boolean,
): Uint8Array {
  const parts = componentsOf(mask, width, height);
  const part = new Uint8Array(mask.length);
  if (parts.largest === 0) return part;
  for (let p = 0; p < mask.length; p += 1) part[p] = parts.labels[p] === parts.largest ? 0 : 1;
  if (!fillHoles) return part.map((outside) => 1 - outside);
  // What is outside and does not reach the border is a hole.
  const outside = componentsOf(part, width, height, true);
  for (let p = 0; p < mask.length; p += 1) part[p] = outside.labels[p] === 0 ? 1 : 0;
  return part;
}

/** A mask without teeth, spurs and specks smaller than that. */
export function rounded(
  mask: Uint8Array,
  width: number,
  height: number,
  sigma: number,
): Uint8Array {
  const soft = blurred(new Float32Array(mask), width, height, sigma);
  const smooth = new Uint8Array(mask.length);
  for (let p = 0; p < soft.length; p += 1) if (soft[p]! > 0.5) smooth[p] = 1;
  return smooth;
}

/** A matte with a soft edge, a little inside the mask: no colour of the old ground may stay. */
export function softEdge(
  mask: Uint8Array,
  width: number,
  height: number,
  insetPx: number,
  softPx: number,
): Float32Array {
  const soft = blurred(new Float32Array(mask), width, height, Math.max(insetPx, softPx));
  // A half is the mask's edge; a blur of that width has fallen to 1 - 0.16 a sigma inside.
  const middle = 0.5 + 0.34 * Math.min(1, insetPx / Math.max(insetPx, softPx));
  const slope = 1 / 0.3;
  for (let p = 0; p < soft.length; p += 1) {
    const at = ((soft[p] ?? 0) - middle) * slope + 0.5;
    soft[p] = at < 0 ? 0 : at > 1 ? 1 : at * at * (3 - 2 * at);
  }
  return soft;
}

/** Numbers the connected parts, from 1; with `fromBorder` only those that touch the border. */
function componentsOf(
  mask: Uint8Array,
  width: number,
  height: number,
  fromBorder = false,
): { labels: Uint32Array; largest: number } {
  const labels = new Uint32Array(mask.length);
  const stack = new Uint32Array(mask.length);
  let next = 0;
  let largest = 0;
  let most = 0;
  for (let seed = 0; seed < mask.length; seed += 1) {
    if (mask[seed] !== 1 || labels[seed] !== 0) continue;
    if (fromBorder && !isBorder(seed, width, height)) continue;
    next += 1;
    let filled = 0;
    let count = 0;
    const take = (p: number): void => {
      if (mask[p] !== 1 || labels[p] !== 0) return;
      labels[p] = next;
      stack[filled++] = p;
    };
    take(seed);
    while (filled > 0) {
      const p = stack[--filled] ?? 0;
      count += 1;
      const x = p % width;
      if (x > 0) take(p - 1);
      if (x < width - 1) take(p + 1);
      if (p >= width) take(p - width);
      if (p < mask.length - width) take(p + width);
    }
    if (count > most) {
      most = count;
      largest = next;
    }
  }
  return { labels, largest };
}

function isBorder(p: number, width: number, height: number): boolean {
  const x = p % width;
  const y = (p - x) / width;
  return x === 0 || y === 0 || x === width - 1 || y === height - 1;
}

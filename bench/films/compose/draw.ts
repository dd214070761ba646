import { shadowMargin, shadowStep } from './sprite.ts';
import type { Canvas, Place, Sprite } from './sprite.ts';

/** Draws it; several places stand for the ways it goes while the shutter is open. */
export function drawSprite(canvas: Canvas, sprite: Sprite, places: readonly Place[]): void {
  const { half } = sprite;
  const wide = canvas.width;
  for (const size of [1, 2] as const) {
    const isHalf = size === 2;
    const target = isHalf ? halfLayerOf(canvas) : fullLayerOf(canvas);
    const source = isHalf
      ? { width: half.width, height: half.height, alpha: half.alpha, a: half.cb, b: half.cr }
      : {
          width: sprite.width,
          height: sprite.height,
          alpha: sprite.alpha,
          a: sprite.luma,
          b: null,
        };
    const only = places[0];
    if (places.length === 1 && only !== undefined) {
      blend(target, source, transformOf(sprite, only, size, canvas.margin));
      continue;
    }
    let box: Bounds | null = null;
    const scratch = scratchFor((wide / size) * (canvas.height / size));
    for (const place of places) {
      const drawn = add(
        target,
        scratch,
        source,
        transformOf(sprite, place, size, canvas.margin),
        1 / places.length,
      );
      box = box === null ? drawn : joined(box, drawn);
    }
    if (box !== null) blendScratch(target, scratch, box);
  }
}

interface Extent {
  readonly width: number;
  readonly height: number;
}

interface Layer extends Extent {
  readonly a: Float32Array;
  readonly b: Float32Array | null;
}

interface SourceLayer extends Layer {
  readonly alpha: Float32Array;
}

interface Bounds {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** From a target's pixel to a source's: `u = u0 + x * ux + y * uy`, `v` likewise. */
interface Transform {
  readonly u0: number;
  readonly ux: number;
  readonly uy: number;
  readonly v0: number;
  readonly vx: number;
  readonly vy: number;
}

function fullLayerOf(canvas: Canvas): Layer {
  return { width: canvas.width, height: canvas.height, a: canvas.luma, b: null };
}

function halfLayerOf(canvas: Canvas): Layer {
  return { width: canvas.width >> 1, height: canvas.height >> 1, a: canvas.cb, b: canvas.cr };
}

function transformOf(sprite: Sprite, place: Place, size: 1 | 2, margin: number): Transform {
  const cos = Math.cos(place.angle) / place.scale;
  const sin = Math.sin(place.angle) / place.scale;
  const x = (place.x + margin) / size;
  const y = (place.y + margin) / size;
  // Half a pixel from a pixel's corner to its middle, on both sides.
  return {
    ux: cos,
    uy: sin,
    u0: sprite.originX / size - 0.5 - (x - 0.5) * cos - (y - 0.5) * sin,
    vx: -sin,
    vy: cos,
    v0: sprite.originY / size - 0.5 + (x - 0.5) * sin - (y - 0.5) * cos,
  };
}

/** The target's pixels that a source may reach. */
function boundsOf(target: Extent, source: Extent, t: Transform): Bounds {
  const det = t.ux * t.vy - t.uy * t.vx;
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const u of [0, source.width]) {
    for (const v of [0, source.height]) {
      const x = (t.vy * (u - t.u0) - t.uy * (v - t.v0)) / det;
      const y = (t.ux * (v - t.v0) - t.vx * (u - t.u0)) / det;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
    }
  }
  return {
    left: Math.max(0, Math.floor(left)),
    top: Math.max(0, Math.floor(top)),
    right: Math.min(target.width, Math.ceil(right) + 1),
    bottom: Math.min(target.height, Math.ceil(bottom) + 1),
  };
}

function joined(a: Bounds, b: Bounds): Bounds {
  return {
    left: Math.min(a.left, b.left),
    top: Math.min(a.top, b.top),
    right: Math.max(a.right, b.right),
    bottom: Math.max(a.bottom, b.bottom),
  };
}

function blend(target: Layer, source: SourceLayer, t: Transform): void {
  const box = boundsOf(target, source, t);
  const { alpha, a, b, width } = source;
  const lastU = width - 1;
  const lastV = source.height - 1;
  for (let y = box.top; y < box.bottom; y += 1) {
    let u = t.u0 + box.left * t.ux + y * t.uy;
    let v = t.v0 + box.left * t.vx + y * t.vy;
    let p = y * target.width + box.left;
    for (let x = box.left; x < box.right; x += 1, p += 1, u += t.ux, v += t.vx) {
      if (u < 0 || v < 0 || u >= lastU || v >= lastV) continue;
      const column = u | 0;
      const row = v | 0;
      const q = row * width + column;
      const fu = u - column;
      const fv = v - row;
      const w11 = fu * fv;
      const w10 = fu - w11;
      const w01 = fv - w11;
      const w00 = 1 - fu - w01;
      const below = q + width;
      const share =
        alpha[q]! * w00 + alpha[q + 1]! * w10 + alpha[below]! * w01 + alpha[below + 1]! * w11;
      const one = a[q]! * w00 + a[q + 1]! * w10 + a[below]! * w01 + a[below + 1]! * w11;
      if (share === 0 && one === 0) continue;
      target.a[p] = target.a[p]! * (1 - share) + one;
      if (b !== null && target.b !== null) {
        const two = b[q]! * w00 + b[q + 1]! * w10 + b[below]! * w01 + b[below + 1]! * w11;
        target.b[p] = target.b[p]! * (1 - share) + two;
      }
    }
  }
}

interface Scratch {
  readonly alpha: Float32Array;
  readonly a: Float32Array;
  readonly b: Float32Array;
}

const scratches = new Map<number, Scratch>();

/** All zeros; whoever uses it leaves it so. */
function scratchFor(size: number): Scratch {
  let scratch = scratches.get(size);
  if (scratch === undefined) {
    scratch = {
      alpha: new Float32Array(size),
      a: new Float32Array(size),
      b: new Float32Array(size),
    };
    scratches.set(size, scratch);
  }
  return scratch;
}

function add(
  target: Layer,
  scratch: Scratch,
  source: SourceLayer,
  t: Transform,
  weight: number,
): Bounds {
  const box = boundsOf(target, source, t);
  const { alpha, a, b, width } = source;
  const lastU = width - 1;
  const lastV = source.height - 1;
  for (let y = box.top; y < box.bottom; y += 1) {
    let u = t.u0 + box.left * t.ux + y * t.uy;
    let v = t.v0 + box.left * t.vx + y * t.vy;
    let p = y * target.width + box.left;
    for (let x = box.left; x < box.right; x += 1, p += 1, u += t.ux, v += t.vx) {
      if (u < 0 || v < 0 || u >= lastU || v >= lastV) continue;
      const column = u | 0;
      const row = v | 0;
      const q = row * width + column;
      const fu = u - column;
      const fv = (v - row) * weight;
      const w11 = fu * fv;
      const w10 = fu * weight - w11;
      const w01 = fv - w11;
      const w00 = weight - fu * weight - w01;
      const below = q + width;
      scratch.alpha[p] =
        scratch.alpha[p]! +
        alpha[q]! * w00 +
        alpha[q + 1]! * w10 +
        alpha[below]! * w01 +
        alpha[below + 1]! * w11;
      scratch.a[p] =
        scratch.a[p]! + a[q]! * w00 + a[q + 1]! * w10 + a[below]! * w01 + a[below + 1]! * w11;
      if (b !== null) {
        scratch.b[p] =
          scratch.b[p]! + b[q]! * w00 + b[q + 1]! * w10 + b[below]! * w01 + b[below + 1]! * w11;
      }
    }
  }
  return box;
}

function blendScratch(target: Layer, scratch: Scratch, box: Bounds): void {
  for (let y = box.top; y < box.bottom; y += 1) {
    const from = y * target.width + box.left;
    const to = y * target.width + box.right;
    for (let p = from; p < to; p += 1) {
      const left = 1 - scratch.alpha[p]!;
      target.a[p] = target.a[p]! * left + scratch.a[p]!;
      if (target.b !== null) target.b[p] = target.b[p]! * left + scratch.b[p]!;
    }
    scratch.alpha.fill(0, from, to);
    scratch.a.fill(0, from, to);
    scratch.b.fill(0, from, to);
  }
}

export interface Shadow {
  /** From the sprite's place, in pixels. */
  readonly dx: number;
  readonly dy: number;
  /** Part of the light that it takes at most. */
  readonly strength: number;
  /** 0: close to the ground, with a firm border; 1: high above it. */
  readonly softness: number;
}

/** Darkens what lies below. */
export function drawShadow(canvas: Canvas, sprite: Sprite, place: Place, shadow: Shadow): void {
  if (shadow.strength <= 0) return;
  const { near, far, width, height } = sprite.shadow;
  const moved = { ...place, x: place.x + shadow.dx, y: place.y + shadow.dy };
  for (const size of [1, 2] as const) {
    const target = size === 1 ? fullLayerOf(canvas) : halfLayerOf(canvas);
    const full = transformOf(sprite, moved, 1, canvas.margin);
    // The same place in the shadow's own pixels, from the canvas's or from its halved ones.
    const scale = size / shadowStep;
    const offset = size === 1 ? 0 : 0.5;
    const t: Transform = {
      ux: full.ux * scale,
      uy: full.uy * scale,
      u0: (full.u0 + offset * (full.ux + full.uy) + shadowMargin + 0.5) / shadowStep - 0.5,
      vx: full.vx * scale,
      vy: full.vy * scale,
      v0: (full.v0 + offset * (full.vx + full.vy) + shadowMargin + 0.5) / shadowStep - 0.5,
    };
    const box = boundsOf(target, { width, height }, t);
    const lastU = width - 1;
    const lastV = height - 1;
    const soft = Math.min(1, Math.max(0, shadow.softness)) * shadow.strength;
    const firm = shadow.strength - soft;
    for (let y = box.top; y < box.bottom; y += 1) {
      let u = t.u0 + box.left * t.ux + y * t.uy;
      let v = t.v0 + box.left * t.vx + y * t.vy;
      let p = y * target.width + box.left;
      for (let x = box.left; x < box.right; x += 1, p += 1, u += t.ux, v += t.vx) {
        if (u < 0 || v < 0 || u >= lastU || v >= lastV) continue;
        const column = u | 0;
        const row = v | 0;
        const q = row * width + column;
        const fu = u - column;
        const fv = v - row;
        const w11 = fu * fv;
        const w10 = fu - w11;
        const w01 = fv - w11;
        const w00 = 1 - fu - w01;
        const below = q + width;
        const dark =
          w00 * (firm * near[q]! + soft * far[q]!) +
          w10 * (firm * near[q + 1]! + soft * far[q + 1]!) +
          w01 * (firm * near[below]! + soft * far[below]!) +
          w11 * (firm * near[below + 1]! + soft * far[below + 1]!);
        if (dark === 0) continue;
        target.a[p] = target.a[p]! * (1 - dark);
        if (target.b !== null) target.b[p] = target.b[p]! * (1 - dark);
      }
    }
  }
}

/** Writes a label wherever the sprite is, on a plane of the canvas's size. */
export function drawLabel(
  labels: Uint8Array,
  canvas: Pick<Canvas, 'width' | 'height' | 'margin'>,
  sprite: Sprite,
  place: Place,
  label: number,
): void {
  const t = transformOf(sprite, place, 1, canvas.margin);
  const box = boundsOf(canvas, sprite, t);
  for (let y = box.top; y < box.bottom; y += 1) {
    for (let x = box.left; x < box.right; x += 1) {
      const u = Math.round(t.u0 + x * t.ux + y * t.uy);
      const v = Math.round(t.v0 + x * t.vx + y * t.vy);
      if (u < 0 || v < 0 || u >= sprite.width || v >= sprite.height) continue;
      if (sprite.alpha[v * sprite.width + u]! >= sprite.solidFrom) {
        labels[y * canvas.width + x] = label;
      }
    }
  }
}

/** How opaque the sprite is at a point of the film's picture, 0 to 1. */
export function opacityAt(sprite: Sprite, place: Place, x: number, y: number): number {
  const t = transformOf(sprite, place, 1, 0);
  const px = x - 0.5;
  const py = y - 0.5;
  const u = Math.round(t.u0 + px * t.ux + py * t.uy);
  const v = Math.round(t.v0 + px * t.vx + py * t.vy);
  if (u < 0 || v < 0 || u >= sprite.width || v >= sprite.height) return 0;
  return sprite.alpha[v * sprite.width + u] ?? 0;
}

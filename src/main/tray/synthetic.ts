/**
 * A drawn tray for tests and benches: textured ground, shaded items with soft shadows, a forearm with its
 * shadow, drifting and stepping light, and a camera with noise, shake and compression. All from a seed.
 */
import type { Thumb } from '../../shared/frame.ts';
import { seededRandom } from '../../shared/seeded-random.ts';

export type Random = () => number;

export type ItemShape = 'round' | 'carton' | 'tin' | 'banana' | 'blob';

export interface DrawnItem {
  shape: ItemShape;
  x: number;
  y: number;
  /** Half the longer and the shorter side, in pixels. */
  long: number;
  short: number;
  turn: number;
  grey: number;
  texture: number;
  /** Darkening towards the rim, 0 to 1. */
  shading: number;
  gloss: number;
  shadow: number;
  /** Softness of the shadow's border, in pixels. */
  shadowSoft: number;
  /** Where its shadow falls, in pixels from itself; by default close by, as that of a low thing. */
  shadowAt?: { readonly x: number; readonly y: number };
  seed: number;
}

export interface DrawnHand {
  /** Where the arm comes in, outside the picture, and where the finger tips are. */
  fromX: number;
  fromY: number;
  x: number;
  y: number;
  grey: number;
  thick: number;
  shadow: number;
  holds?: DrawnItem | undefined;
}

export interface Lighting {
  level: number;
  tiltX: number;
  tiltY: number;
  /** What bands of the mains make of a line, whose place is 0 to 1. */
  bandAt: ((place: number) => number) | undefined;
}

export interface SceneOptions {
  width: number;
  height: number;
  seed: number;
  fps: number;
  ground: number;
  groundTexture: number;
  /** Standard deviation in grey levels, and how much of the light comes as shot noise besides. */
  noise: number;
  shot: number;
  shakePx: number;
  blocky: number;
}

export interface Scene {
  readonly options: SceneOptions;
  readonly items: DrawnItem[];
  hand: DrawnHand | undefined;
  readonly light: Lighting;
  /** A soft round shadow of someone leaning over: place, radius, strength. */
  shade: { x: number; y: number; radius: number; strength: number } | undefined;
  /** The items changed; draw them anew. */
  redraw(): void;
  frame(): Thumb;
  readonly nowMs: number;
}

const DEFAULTS: SceneOptions = {
  width: 160,
  height: 120,
  seed: 1,
  fps: 30,
  ground: 130,
  groundTexture: 6,
  noise: 2,
  shot: 0.04,
  shakePx: 0,
  blocky: 0,
};

function edgeOf(distance: number, soft: number): number {
  const t = Math.min(1, Math.max(0, 0.5 - distance / soft));
  return t * t * (3 - 2 * t);
}

function hash(x: number, y: number, seed: number): number {
  let h = Math.imul(x, 374761393) + Math.imul(y, 668265263) + Math.imul(seed, 974634777);
  h = Math.imul(h ^ (h >>> 13), 1274126177);
  return ((h ^ (h >>> 16)) >>> 0) / 2147483648 - 1;
}

/** Smooth noise from −1 to 1 with features of about `scale` pixels. */
function grain(x: number, y: number, scale: number, seed: number): number {
  const gx = x / scale;
  const gy = y / scale;
  const ix = Math.floor(gx);
  const iy = Math.floor(gy);
  const fx = gx - ix;
  const fy = gy - iy;
  const sx = fx * fx * (3 - 2 * fx);
  const sy = fy * fy * (3 - 2 * fy);
  const top = hash(ix, iy, seed) * (1 - sx) + hash(ix + 1, iy, seed) * sx;
  const low = hash(ix, iy + 1, seed) * (1 - sx) + hash(ix + 1, iy + 1, seed) * sx;
  return top * (1 - sy) + low * sy;
}

/** Distance from an item's outline, inside negative, roughly in pixels, in its own turned coordinates. */
function itemDistance(item: DrawnItem, u: number, v: number): number {
  const { long, short } = item;
  switch (item.shape) {
    case 'carton': {
      const dx = Math.abs(u) - long;
      const dy = Math.abs(v) - short;
      return Math.max(dx, dy);
    }
    case 'tin':
      return Math.hypot(u, v) - short;
    case 'banana': {
      const radius = long * 1.1;
      const angle = Math.atan2(u, v + radius);
      const reach = long / radius;
      const clamped = Math.min(reach, Math.max(-reach, angle));
      const cx = Math.sin(clamped) * radius;
      const cy = Math.cos(clamped) * radius - radius;
      const taper = 1 - 0.5 * Math.abs(clamped / reach) ** 3;
      return Math.hypot(u - cx, v - cy) - short * 0.62 * taper;
    }
    case 'blob': {
      const angle = Math.atan2(v, u);
      const bump =
        1 + 0.12 * Math.sin(3 * angle + item.seed) + 0.07 * Math.sin(5 * angle + 2 * item.seed);
      return (Math.hypot(u / long, v / short) - bump) * short;
    }
    case 'round':
      return (Math.hypot(u / long, v / short) - 1) * short;
  }
}

function drawItem(picture: Float32Array, width: number, height: number, item: DrawnItem): void {
  const cos = Math.cos(item.turn);
  const sin = Math.sin(item.turn);
  const { shadowSoft, shadowAt = { x: shadowSoft * 0.4, y: shadowSoft * 0.5 } } = item;
  const reach = Math.ceil(
    item.long * 1.5 + shadowSoft * 2 + 4 + Math.hypot(shadowAt.x, shadowAt.y),
  );
  const left = Math.max(0, Math.floor(item.x - reach));
  const right = Math.min(width - 1, Math.ceil(item.x + reach));
  const top = Math.max(0, Math.floor(item.y - reach));
  const bottom = Math.min(height - 1, Math.ceil(item.y + reach));
  for (let y = top; y <= bottom; y++) {
    for (let x = left; x <= right; x++) {
      const dx = x - item.x;
      const dy = y - item.y;
      const p = y * width + x;
      const sx = dx - shadowAt.x;
      const sy = dy - shadowAt.y;
      const shade = edgeOf(
        itemDistance(item, sx * cos + sy * sin, sy * cos - sx * sin),
        shadowSoft * 2,
      );
      let value = picture[p]! * (1 - item.shadow * shade);
      const u = dx * cos + dy * sin;
      const v = dy * cos - dx * sin;
      const distance = itemDistance(item, u, v);
      const cover = edgeOf(distance, 1.6);
      if (cover > 0) {
        const depth = Math.min(1, Math.max(0, -distance / Math.max(3, item.short * 0.8)));
        let grey = item.grey * (1 - item.shading * (1 - depth) ** 2);
        grey += item.texture * grain(u + 500, v + 500, 3.5, item.seed);
        if (item.shape === 'tin') grey += item.texture * Math.sin(Math.hypot(u, v) * 1.3);
        if (item.shape === 'carton') {
          grey +=
            item.texture *
            (Math.abs(u) < item.long * 0.6 && Math.abs(v) < item.short * 0.3 ? 1 : -0.4);
        }
        const gloss = Math.hypot(u + item.short * 0.3, v + item.short * 0.35) / (item.short * 0.35);
        grey += item.gloss * Math.max(0, 1 - gloss * gloss);
        value = value * (1 - cover) + grey * cover;
      }
      picture[p] = value;
    }
  }
}

function segmentDistance(
  x: number,
  y: number,
  ax: number,
  ay: number,
  bx: number,
  by: number,
): number {
  const dx = bx - ax;
  const dy = by - ay;
  const t = Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy + 1e-9)));
  return Math.sqrt((x - ax - t * dx) ** 2 + (y - ay - t * dy) ** 2);
}

function handDistance(hand: DrawnHand, x: number, y: number): number {
  const dx = hand.x - hand.fromX;
  const dy = hand.y - hand.fromY;
  const length = Math.hypot(dx, dy) + 1e-9;
  const ux = dx / length;
  const uy = dy / length;
  const { thick } = hand;
  const wristX = hand.x - ux * thick * 1.7;
  const wristY = hand.y - uy * thick * 1.7;
  let distance = segmentDistance(x, y, hand.fromX, hand.fromY, wristX, wristY) - thick * 0.75;
  distance = Math.min(
    distance,
    Math.hypot(x - wristX - ux * thick * 0.5, y - wristY - uy * thick * 0.5) - thick * 0.95,
  );
  for (let finger = -1; finger <= 1; finger++) {
    const tipX = hand.x - uy * finger * thick * 0.55;
    const tipY = hand.y + ux * finger * thick * 0.55;
    distance = Math.min(distance, segmentDistance(x, y, wristX, wristY, tipX, tipY) - thick * 0.24);
  }
  return distance;
}

function drawHand(picture: Float32Array, width: number, height: number, hand: DrawnHand): void {
  if (hand.holds !== undefined) drawItem(picture, width, height, hand.holds);
  const reach = hand.thick * 1.3 + 16;
  const left = Math.max(0, Math.floor(Math.min(hand.fromX, hand.x) - reach));
  const right = Math.min(width - 1, Math.ceil(Math.max(hand.fromX, hand.x) + reach));
  const top = Math.max(0, Math.floor(Math.min(hand.fromY, hand.y) - reach));
  const bottom = Math.min(height - 1, Math.ceil(Math.max(hand.fromY, hand.y) + reach));
  for (let y = top; y <= bottom; y++) {
    for (let x = left; x <= right; x++) {
      if (segmentDistance(x, y, hand.fromX, hand.fromY, hand.x, hand.y) > reach) continue;
      const p = y * width + x;
      const shade = edgeOf(handDistance(hand, x - 5, y - 7), 14);
      if (shade > 0) picture[p] = picture[p]! * (1 - hand.shadow * shade);
      const distance = handDistance(hand, x, y);
      const cover = edgeOf(distance, 1.6);
      if (cover > 0) {
        const roundness = 0.82 + 0.18 * Math.min(1, -distance / (hand.thick * 0.7));
        const grey = hand.grey * roundness + 5 * grain(x - hand.x + 300, y - hand.y + 300, 4, 77);
        picture[p] = picture[p]! * (1 - cover) + grey * cover;
      }
    }
  }
}

const GAUSS = 1 << 16;

export function createScene(given: Partial<SceneOptions> = {}): Scene {
  const options = { ...DEFAULTS, ...given };
  const { width, height, fps, seed } = options;
  const random = seededRandom(seed ^ 0x5bd1e995);
  const gauss = new Float32Array(GAUSS);
  for (let i = 0; i < GAUSS; i++) {
    gauss[i] = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  }
  const ground = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const rough =
        grain(x, y, 2.3, seed) * 0.6 + grain(x, y, 7, seed + 1) * 0.6 + grain(x, y, 31, seed + 2);
      ground[y * width + x] = options.ground + options.groundTexture * rough;
    }
  }
  const still = Float32Array.from(ground);
  const picture = new Float32Array(width * height);
  const items: DrawnItem[] = [];
  let pictures = 0;

  const scene: Scene = {
    options,
    items,
    hand: undefined,
    light: { level: 1, tiltX: 0, tiltY: 0, bandAt: undefined },
    shade: undefined,
    redraw() {
      still.set(ground);
      for (const item of items) drawItem(still, width, height, item);
    },
    get nowMs() {
      return (pictures * 1000) / fps;
    },
    frame() {
      pictures++;
      picture.set(still);
      if (scene.hand !== undefined) drawHand(picture, width, height, scene.hand);
      const grey = new Uint8Array(width * height);
      const { level, tiltX, tiltY } = scene.light;
      const shakeX = options.shakePx * (random() * 2 - 1);
      const shakeY = options.shakePx * (random() * 2 - 1);
      const shakes = options.shakePx > 0;
      const start = Math.floor(random() * GAUSS);
      for (let y = 0; y < height; y++) {
        const v = (2 * y) / height - 1;
        const band = scene.light.bandAt?.(y / height) ?? 1;
        for (let x = 0; x < width; x++) {
          const p = y * width + x;
          const u = (2 * x) / width - 1;
          let value = shakes ? sampleAt(x + shakeX, y + shakeY) : picture[p]!;
          if (scene.shade !== undefined) {
            const far = Math.hypot(x - scene.shade.x, y - scene.shade.y) / scene.shade.radius;
            value *= 1 - scene.shade.strength * Math.exp(-far * far);
          }
          value *= band * level * (1 + tiltX * u + tiltY * v) * (1 - 0.08 * (u * u + v * v));
          const sigma = options.noise + options.shot * Math.sqrt(value > 0 ? value : 0);
          value += gauss[(start + p * 7) & (GAUSS - 1)]! * sigma;
          grey[p] = value < 0 ? 0 : value > 255 ? 255 : value + 0.5;
        }
      }
      if (options.blocky > 0) compress(grey);
      return { width, height, grey, atMs: (pictures * 1000) / fps };
    },
  };

  function sampleAt(x: number, y: number): number {
    const cx = Math.min(width - 1.001, Math.max(0, x));
    const cy = Math.min(height - 1.001, Math.max(0, y));
    const ix = Math.floor(cx);
    const iy = Math.floor(cy);
    const fx = cx - ix;
    const fy = cy - iy;
    const p = iy * width + ix;
    return (
      (picture[p]! * (1 - fx) + picture[p + 1]! * fx) * (1 - fy) +
      (picture[p + width]! * (1 - fx) + picture[p + width + 1]! * fx) * fy
    );
  }

  /** Pulls each 8×8 block towards its coarsely rounded mean, as strong compression does. */
  function compress(grey: Uint8Array): void {
    for (let top = 0; top < height; top += 8) {
      for (let left = 0; left < width; left += 8) {
        let sum = 0;
        let n = 0;
        for (let y = top; y < Math.min(height, top + 8); y++) {
          for (let x = left; x < Math.min(width, left + 8); x++) {
            sum += grey[y * width + x]!;
            n++;
          }
        }
        const mean = sum / n;
        const rounded = Math.round(mean / options.blocky) * options.blocky;
        for (let y = top; y < Math.min(height, top + 8); y++) {
          for (let x = left; x < Math.min(width, left + 8); x++) {
            const p = y * width + x;
            const detail = (grey[p]! - mean) * 0.8;
            grey[p] = Math.min(255, Math.max(0, Math.round(rounded + detail)));
          }
        }
      }
    }
  }

  scene.redraw();
  return scene;
}

/** An item of random kind whose area is about `part` of the picture's width squared. */
export function randomItem(
  random: Random,
  scene: Scene,
  part: number,
  contrast: number,
): DrawnItem {
  const shapes: readonly ItemShape[] = ['round', 'carton', 'tin', 'banana', 'blob'];
  const shape = shapes[Math.floor(random() * shapes.length)]!;
  const area = part * scene.options.width ** 2;
  const slim =
    shape === 'carton'
      ? 0.45 + random() * 0.5
      : shape === 'banana'
        ? 0.4
        : shape === 'tin'
          ? 1
          : 0.7 + random() * 0.3;
  const long = Math.sqrt(area / slim / (shape === 'carton' ? 4 : Math.PI));
  const sign = random() < 0.5 ? -1 : 1;
  return {
    shape,
    x: 0,
    y: 0,
    long,
    short: long * slim,
    turn: random() * Math.PI * 2,
    grey: Math.min(235, Math.max(20, scene.options.ground + sign * contrast)),
    texture: 3 + random() * 12,
    shading: 0.15 + random() * 0.3,
    gloss: random() < 0.5 ? 40 + random() * 50 : 0,
    shadow: 0.15 + random() * 0.3,
    shadowSoft: 3 + random() * 7,
    seed: Math.floor(random() * 1e6),
  };
}

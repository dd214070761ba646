import { CylinderGeometry, Mesh, TorusGeometry } from 'three';
import type { BufferGeometry, Texture } from 'three';
import { material } from '../shade.ts';
import { groupOf } from './fruit.ts';
import { beansArt, juiceArt, lidArt, milkArt, pastaArt, tomatoesArt } from './label-art.ts';
import type { Model } from './model.ts';
import type { Brush } from './paint.ts';
import { drawn } from './paint.ts';
import { lyingRolled, pose, restBoxed } from './poses.ts';
import { skin, turned } from './surface.ts';

/** A level of a pack: half open upwards; a level given twice makes a crease. */
interface Level {
  readonly y: number;
  readonly width: number;
  readonly depth: number;
  readonly v: number;
  /** Printed in the one colour of the label's edge: for a base or a lid, where u has no meaning. */
  readonly plain?: true;
}

const CORNER_STEPS = 3;

/** Points round a rectangle with rounded corners, with u by the base's own perimeter. */
function boxSkin(base: { width: number; depth: number }, levels: readonly Level[]): BufferGeometry {
  const perimeter = 2 * (base.width + base.depth);
  const stops: { u: number; x: number; z: number; cx: number; cz: number }[] = [];
  // From the front's right corner along the front, then left, back and right side.
  const sides = [
    { length: base.width, from: [1, 1], to: [-1, 1] },
    { length: base.depth, from: [-1, 1], to: [-1, -1] },
    { length: base.width, from: [-1, -1], to: [1, -1] },
    { length: base.depth, from: [1, -1], to: [1, 1] },
  ] as const;
  const corner = 0.28;
  let walked = 0;
  sides.forEach((side, k) => {
    const next = sides[(k + 1) % 4] ?? side;
    const inset = corner / side.length;
    const outward = Math.PI / 2 + (k * Math.PI) / 2;
    for (const t of [inset, 0.35, 0.65, 1 - inset]) {
      const x = side.from[0] + (side.to[0] - side.from[0]) * t;
      const z = side.from[1] + (side.to[1] - side.from[1]) * t;
      stops.push({ u: (walked + t * side.length) / perimeter, x, z, cx: 0, cz: 0 });
    }
    for (let step = 1; step < CORNER_STEPS; step += 1) {
      const turn = outward + (step / CORNER_STEPS) * (Math.PI / 2);
      const bulge = step / CORNER_STEPS;
      const u = (walked + side.length * (1 - inset) + bulge * 2 * corner) / perimeter;
      stops.push({
        u: u - Math.floor(u),
        x: next.from[0],
        z: next.from[1],
        cx: Math.cos(turn) * corner - next.from[0] * corner,
        cz: Math.sin(turn) * corner - next.from[1] * corner,
      });
    }
    walked += side.length;
  });
  const geometry = skin(stops.length, levels.length - 1, (u, v, point) => {
    const stop = stops[Math.round(u * stops.length) % stops.length];
    const level = levels[Math.round(v * (levels.length - 1))];
    if (stop === undefined || level === undefined) return;
    const fit = Math.min(1, level.depth / 1.2, level.width / 1.2);
    point.set(
      (stop.x * level.width) / 2 + stop.cx * fit,
      level.y,
      (stop.z * level.depth) / 2 + stop.cz * fit,
    );
  });
  const uv = geometry.getAttribute('uv');
  const normals = geometry.getAttribute('normal');
  const columns = stops.length + 1;
  levels.forEach((level, j) => {
    for (let i = 0; i < columns; i += 1) {
      const u = i === stops.length ? (stops[0]?.u ?? 0) + 1 : (stops[i]?.u ?? 0);
      // The last corner wraps past 1 before the seam closes.
      const wrapped = i > stops.length / 2 && u < 0.2 ? u + 1 : u;
      uv.setXY(j * columns + i, level.plain === true ? 0.01 : wrapped, level.v);
      if (level.plain === true) normals.setXYZ(j * columns + i, 0, level.v < 0.5 ? -1 : 1, 0);
    }
  });
  return geometry;
}

const artById = new Map<string, Texture>();

/** Printed art is the same on every pack: drawn once; mirrored where u runs from right to left. */
function art(
  id: string,
  width: number,
  height: number,
  draw: (brush: Brush, width: number, height: number) => void,
  mirrored = true,
): Texture {
  const known = artById.get(id);
  if (known !== undefined) return known;
  const texture = drawn(width, height, draw);
  if (mirrored) texture.repeat.x = -1;
  texture.userData['shared'] = true;
  artById.set(id, texture);
  return texture;
}

function gableCarton(label: Texture, height: number, capColor: number): Model {
  const side = 7.2;
  const slope = 3.6;
  const fin = 1.5;
  const path = height + slope * 1.15 + fin;
  const half = height / 2 + slope / 2;
  const level = (y: number, depth: number, walked: number): Level => ({
    y: y - half,
    width: side,
    depth,
    v: walked / path,
  });
  const roof = height + slope * 1.15;
  const geometry = boxSkin({ width: side, depth: side }, [
    { y: -half, width: 0.01, depth: 0.01, v: 0.01, plain: true },
    { ...level(0, side, 0.01 * path), plain: true },
    level(0, side, 0),
    level(height, side, height),
    level(height, side, height),
    level(height + slope, 0.5, roof),
    level(height + slope, 0.5, roof),
    level(height + slope + fin, 0.4, path),
    { ...level(height + slope + fin, 0.4, path * 0.99), plain: true },
    { y: height + slope + fin - half, width: 0.01, depth: 0.01, v: 0.99, plain: true },
  ]);
  const cap = new Mesh(
    new CylinderGeometry(1.35, 1.42, 1.5, 28),
    material({ color: capColor }, 0.35),
  );
  const lean = Math.atan2(side / 2 - 0.25, slope);
  cap.rotation.x = lean;
  cap.position.set(
    0,
    height + slope * 0.45 - half + Math.sin(lean) * 0.62,
    (side / 2) * 0.58 + Math.cos(lean) * 0.62,
  );
  return {
    group: groupOf(new Mesh(geometry, material({ map: label }, 0.42)), cap),
    // With the cap underneath it would rock, so it is laid on one of the other three sides.
    rest: (random) =>
      random.chance(0.12)
        ? restBoxed(1)(random)
        : lyingRolled(Math.PI / 2 + ([0, 1, 3][random.index(3)] ?? 0) * (Math.PI / 2)),
    display: pose(0, -24, 0),
  };
}

export function milk(): Model {
  return gableCarton(art('milk', 1024, 928, milkArt), 19, 0x1f7a45);
}

export function orangeJuice(): Model {
  return gableCarton(art('orange-juice', 1024, 928, juiceArt), 19, 0xf4b73f);
}

function tin(label: Texture, lid: Texture): Model {
  const radius = 3.72;
  const height = 10.9;
  const wrap = turned(48, 1, (v) => ({ radius, y: (v - 0.5) * (height - 1.3) }));
  const metal = (): BufferGeometry => {
    const rim: readonly (readonly [number, number])[] = [
      [0, 0.32],
      [3.2, 0.32],
      [3.36, 0.06],
      [3.5, 0],
      [3.78, 0],
      [3.86, 0.12],
      [3.86, 0.3],
      [3.74, 0.46],
      [3.68, 0.7],
      [3.68, height - 0.7],
      [3.74, height - 0.46],
      [3.86, height - 0.3],
      [3.86, height - 0.12],
      [3.78, height],
      [3.5, height],
      [3.36, height - 0.06],
      [3.2, height - 0.42],
      [2.8, height - 0.42],
      [2.75, height - 0.36],
      [0, height - 0.36],
    ];
    return skin(40, rim.length - 1, (u, v, point) => {
      const [r, y] = rim[Math.round(v * (rim.length - 1))] ?? [0, 0];
      const angle = u * 2 * Math.PI;
      point.set(Math.cos(angle) * r, y - height / 2, Math.sin(angle) * r);
    });
  };
  const steel = material({ color: 0xd3d6d8 }, 0.28, { metalness: 1 });
  const sticker = new Mesh(new CylinderGeometry(2.55, 2.55, 0.03, 40), material({ map: lid }, 0.5));
  sticker.position.y = height / 2 - 0.34;
  const ring = new Mesh(new TorusGeometry(0.72, 0.14, 8, 24), steel);
  ring.rotation.x = Math.PI / 2;
  ring.position.set(1.3, height / 2 - 0.2, 0);
  return {
    group: groupOf(
      new Mesh(wrap, material({ map: label }, 0.45)),
      new Mesh(metal(), steel),
      sticker,
      ring,
    ),
    rest: (random) =>
      random.chance(0.22) ? pose(0, 0, 0) : lyingRolled(random.between(0, 2 * Math.PI)),
    display: pose(0, 6, 0),
  };
}

export function bakedBeans(): Model {
  return tin(
    art('baked-beans', 1024, 432, beansArt),
    art('baked-beans-lid', 192, 192, lidArt('#0F6B74', '#F6E7C8', 'BEANS'), false),
  );
}

export function choppedTomatoes(): Model {
  return tin(
    art('chopped-tomatoes', 1024, 432, tomatoesArt),
    art('chopped-tomatoes-lid', 192, 192, lidArt('#F3E6CB', '#B3261E', 'POMODORI'), false),
  );
}

export function pasta(): Model {
  const width = 10;
  const depth = 4.6;
  const height = 18.5;
  const half = height / 2;
  const geometry = boxSkin({ width, depth }, [
    { y: -half, width: 0.01, depth: 0.01, v: 0.01, plain: true },
    { y: -half, width, depth, v: 0.01, plain: true },
    { y: -half, width, depth, v: 0 },
    { y: half, width, depth, v: 1 },
    { y: half, width, depth, v: 0.99, plain: true },
    { y: half, width: 0.01, depth: 0.01, v: 0.99, plain: true },
  ]);
  const label = art('pasta', 1022, 648, pastaArt(width / (width + depth)));
  return {
    group: groupOf(new Mesh(geometry, material({ map: label }, 0.5))),
    rest: (random) =>
      lyingRolled(
        Math.PI / 2 +
          (random.chance(0.85) ? random.index(2) * 2 : 1 + random.index(2) * 2) * (Math.PI / 2),
      ),
    display: pose(0, -20, 0),
  };
}

import { Group, Mesh, Vector3 } from 'three';
import type { BufferGeometry, Texture } from 'three';
import type { Random } from '../random.ts';
import { material } from '../shade.ts';
import type { Model } from './model.ts';
import { blend, painted, rgb, sharedNoise, speckle } from './paint.ts';
import type { Rgb } from './paint.ts';
import { pose, restFlat, restLying, restRound } from './poses.ts';
import { curve, mix, smooth, swept, turned } from './surface.ts';

const UP = new Vector3(0, 1, 0);

export function banana(random: Random): Model {
  const bend = random.between(0.62, 0.86);
  const length = random.between(17.5, 20);
  const girth = random.between(1.75, 2.0);
  const arc = length / (2 * bend);
  const spine = (v: number): Vector3 => {
    const angle = mix(-bend, bend, v);
    // The stalk straightens and turns up a little against the curve of the body.
    const stalk = smooth(0.16, 0, v);
    return new Vector3(
      Math.sin(angle) * arc - stalk * 0.9,
      0,
      (1 - Math.cos(angle)) * arc - (1 - Math.cos(bend)) * arc * 0.5 - stalk * 0.7,
    );
  };
  const body = curve([
    [0, 0.62],
    [0.035, 0.56],
    [0.1, 0.58],
    [0.15, 0.7],
    [0.24, 1.42],
    [0.36, 1.88],
    [0.55, 2.0],
    [0.72, 1.84],
    [0.85, 1.4],
    [0.93, 0.86],
    [0.965, 0.5],
    [1, 0.42],
  ]);
  const twist = random.between(0, 2 * Math.PI);
  const geometry = swept(
    30,
    64,
    spine,
    (v, angle) => {
      if (v === 0 || v === 1) return 0;
      const ridge = Math.abs(Math.cos((angle + twist) * 2.5));
      return body(v) * girth * 0.5 * (1.03 - 0.085 * ridge);
    },
    UP,
  );
  const ripe = random.next();
  const yellow = blend(rgb(0xf4cf33), rgb(0xeebc24), ripe);
  const green = rgb(0xa9b83a);
  const shift = random.between(0, 90);
  const map = painted(
    128,
    384,
    (u, v) => {
      const n = sharedNoise(u * 6 + shift, v * 14 + shift, 6);
      const fine = sharedNoise(u * 24, v * 60 + shift, 24);
      const shade = 1 + n * 0.04 + fine * 0.025;
      const greening =
        smooth(0.3, 0.12, v) * mix(0.75, 0.35, ripe) + smooth(0.84, 0.95, v) * mix(0.5, 0.2, ripe);
      let colour: Rgb = blend(yellow, green, Math.min(1, greening));
      const ridge = Math.abs(Math.cos(u * 2 * Math.PI * 2.5 + twist * 2.5));
      const edge = smooth(0.1, 0, ridge) * smooth(0.2, 0.35, v) * smooth(0.95, 0.8, v);
      colour = blend(colour, rgb(0xb98a1f), edge * (0.25 + 0.3 * ripe));
      colour = blend(colour, rgb(0x4a3320), smooth(0.955, 0.972, v));
      colour = blend(colour, rgb(0x5b4426), smooth(0.03, 0.012, v));
      return [colour[0] * shade, colour[1] * shade, colour[2] * shade];
    },
    (brush) => {
      const spots = { from: 0.22, to: 0.92 };
      speckle(brush, random, {
        ...spots,
        count: 40 + Math.floor(ripe * 70),
        radius: [0.4, 1.1],
        colour: 'rgba(104,66,22,0.55)',
      });
      speckle(brush, random, {
        ...spots,
        count: 2 + Math.floor(ripe * 7),
        radius: [1.4, 3.2],
        colour: 'rgba(92,56,20,0.5)',
      });
    },
  );
  return {
    group: groupOf(new Mesh(geometry, material({ map }, 0.48))),
    rest: restFlat,
    display: pose(0, 200, 0),
  };
}

/** Height and radius of an apple, dimples and all, for v from its base to its stalk. */
function appleGeometry(random: Random, lobes: number): BufferGeometry {
  const radius = random.between(3.55, 4.05);
  const tall = random.between(0.9, 0.98);
  const phase = random.between(0, 2 * Math.PI);
  const lean = random.between(-0.05, 0.05);
  return turned(
    40,
    36,
    (v) => {
      const angle = v * Math.PI;
      const shoulder = 1 + 0.09 * Math.sin(angle) * smooth(0.35, 0.75, v);
      const r = Math.sin(angle) * radius * shoulder;
      const top = 1.55 * Math.exp(-((r / 1.35) ** 2)) * smooth(0.5, 0.75, v);
      const base = 0.75 * Math.exp(-((r / 1.0) ** 2)) * smooth(0.4, 0.2, v);
      return { radius: r, y: -Math.cos(angle) * radius * tall - top + base };
    },
    (angle, v) => ({
      radius:
        1 +
        lobes * Math.cos(5 * (angle + phase)) * smooth(0.6, 0.12, v) +
        0.018 * Math.cos(2 * angle + phase) +
        lean * Math.cos(angle) * (v - 0.5),
      lift: lobes * 4 * Math.cos(5 * (angle + phase)) * smooth(0.3, 0.1, v) * smooth(0, 0.1, v),
    }),
  );
}

function stalk(random: Random, y: number, length: number, thick: number, color: number): Mesh {
  const sway = random.between(0.2, 0.7);
  const heading = random.between(0, 2 * Math.PI);
  const geometry = swept(
    8,
    8,
    (v) =>
      new Vector3(
        Math.cos(heading) * sway * v * v,
        y + v * length,
        Math.sin(heading) * sway * v * v,
      ),
    (v) => (v === 0 || v === 1 ? 0 : thick * (1 + 0.6 * smooth(0.7, 1, v))),
    new Vector3(Math.sin(heading), 0, -Math.cos(heading)),
  );
  return new Mesh(geometry, material({ color }, 0.85));
}

export function redApple(random: Random): Model {
  const shift = random.between(0, 99);
  const blushSide = random.next();
  const map = painted(
    256,
    192,
    (u, v) => {
      const streak =
        sharedNoise(u * 48 + shift, v * 3 + shift, 48) * 0.6 +
        sharedNoise(u * 90, v * 5 + shift, 90) * 0.4;
      const patch = sharedNoise(u * 4, v * 3 + shift, 4);
      const pale = 0.5 + 0.5 * Math.cos((u - blushSide) * 2 * Math.PI);
      const yellow = Math.max(0, pale * 0.55 + patch * 0.35 + streak * 0.3 - 0.42);
      let colour = blend(rgb(0xa3141d), rgb(0xc8262a), 0.5 + streak * 0.5);
      colour = blend(colour, rgb(0xd9932f), Math.min(0.75, yellow));
      colour = blend(colour, rgb(0xb2a040), smooth(0.9, 0.985, v) * (0.75 + streak * 0.25));
      return blend(colour, rgb(0x8c7a35), smooth(0.06, 0.02, v));
    },
    (brush) =>
      speckle(brush, random, {
        count: 320,
        from: 0.06,
        to: 0.93,
        radius: [0.35, 0.75],
        colour: 'rgba(240,214,150,0.5)',
      }),
  );
  return {
    group: groupOf(
      new Mesh(appleGeometry(random, 0.018), material({ map }, 0.3)),
      stalk(random, 1.9, random.between(1.9, 2.5), 0.13, 0x5c3d22),
    ),
    rest: restRound(0.6),
    display: pose(14, 30, 0),
  };
}

export function greenApple(random: Random): Model {
  const shift = random.between(0, 99);
  const map = painted(
    256,
    192,
    (u, v) => {
      const patch = sharedNoise(u * 5, v * 4 + shift, 5);
      const fine = sharedNoise(u * 40, v * 24 + shift, 40);
      let colour = blend(rgb(0x86b52c), rgb(0xa4c743), 0.5 + patch * 0.45 + fine * 0.1);
      colour = blend(
        colour,
        rgb(0xbfcf62),
        Math.max(0, sharedNoise(u * 2, v * 2 + shift, 2)) * 0.4,
      );
      colour = blend(colour, rgb(0x9c8b48), smooth(0.955, 0.99, v) * 0.8);
      return blend(colour, rgb(0x7c7a3a), smooth(0.05, 0.02, v));
    },
    (brush) =>
      speckle(brush, random, {
        count: 420,
        from: 0.06,
        to: 0.94,
        radius: [0.4, 0.85],
        colour: 'rgba(236,244,196,0.62)',
      }),
  );
  return {
    group: groupOf(
      new Mesh(appleGeometry(random, 0.028), material({ map }, 0.3)),
      stalk(random, 1.9, random.between(1.7, 2.3), 0.13, 0x6a5a2c),
    ),
    rest: restRound(0.6),
    display: pose(14, 30, 0),
  };
}

let poresTexture: Texture | undefined;

/** The dimples of citrus skin; one texture for every piece. */
function pores(): Texture {
  if (poresTexture !== undefined) return poresTexture;
  poresTexture = painted(512, 256, (u, v) => {
    const pit = sharedNoise(u * 128, v * 64, 128);
    const fine = sharedNoise(u * 256 + 7, v * 128 + 9, 256);
    const level = 150 - Math.max(0, pit) * 105 + fine * 26;
    return [level, level, level];
  });
  poresTexture.userData['shared'] = true;
  return poresTexture;
}

export function orange(random: Random): Model {
  const radius = random.between(3.75, 4.2);
  const shift = random.between(0, 99);
  const geometry = turned(
    40,
    32,
    (v) => {
      const angle = v * Math.PI;
      const r = Math.sin(angle) * radius;
      const dimple = 0.28 * Math.exp(-((r / 0.8) ** 2));
      return { radius: r, y: -Math.cos(angle) * radius * 0.95 + (v < 0.5 ? dimple : -dimple) };
    },
    (angle, v) => ({
      radius: 1 + 0.012 * Math.cos(2 * angle + shift) + 0.008 * Math.sin(7 * angle) * (1 - v),
      lift: 0,
    }),
  );
  const map = painted(
    256,
    128,
    (u, v) => {
      const patch = sharedNoise(u * 5, v * 4 + shift, 5);
      const pore = sharedNoise(u * 128, v * 64, 128);
      let colour = blend(rgb(0xf08413), rgb(0xf69a22), 0.5 + patch * 0.5);
      colour = blend(colour, rgb(0xd8690a), Math.max(0, pore) * 0.3);
      colour = blend(colour, rgb(0xdf9a3c), smooth(0.955, 0.985, v) * 0.8);
      return blend(colour, rgb(0xc07a2a), smooth(0.03, 0.012, v));
    },
    (brush) =>
      speckle(brush, random, {
        count: 5,
        from: 0.2,
        to: 0.8,
        radius: [0.6, 1.3],
        colour: 'rgba(150,92,30,0.5)',
      }),
  );
  const button = new Mesh(
    turned(
      10,
      5,
      (v) => ({ radius: Math.sin(v * Math.PI) * 0.34, y: -Math.cos(v * Math.PI) * 0.14 }),
      (angle) => ({ radius: 1 + 0.25 * Math.cos(5 * angle), lift: 0 }),
    ),
    material({ color: 0x6f7a34 }, 0.9),
  );
  button.position.y = radius * 0.95 - 0.24;
  return {
    group: groupOf(
      new Mesh(geometry, material({ map }, 0.42, { bump: pores(), bumpScale: 0.16 })),
      button,
    ),
    rest: restRound(0.25),
    display: pose(34, 20, 8),
  };
}

export function lemon(random: Random): Model {
  const radius = random.between(2.75, 3.1);
  const length = random.between(8.0, 9.0);
  const shift = random.between(0, 99);
  const body = curve([
    [0, 0],
    [0.012, 0.13],
    [0.05, 0.24],
    [0.1, 0.44],
    [0.2, 0.78],
    [0.35, 0.97],
    [0.5, 1],
    [0.65, 0.94],
    [0.8, 0.72],
    [0.88, 0.5],
    [0.93, 0.34],
    [0.965, 0.27],
    [0.99, 0.17],
    [1, 0],
  ]);
  const geometry = turned(
    36,
    44,
    (v) => ({ radius: v === 0 || v === 1 ? 0 : body(v) * radius, y: (v - 0.5) * length }),
    (angle, v) => ({
      radius:
        1 +
        0.02 * Math.cos(3 * angle + shift) +
        0.02 * sharedNoise((angle / Math.PI) * 4, v * 6 + shift, 8),
      lift: 0,
    }),
  );
  const map = painted(192, 128, (u, v) => {
    const patch = sharedNoise(u * 4, v * 4 + shift, 4);
    const pore = sharedNoise(u * 128, v * 64, 128);
    let colour = blend(rgb(0xf7d42c), rgb(0xf3c41c), 0.5 + patch * 0.5);
    colour = blend(colour, rgb(0xd9a512), Math.max(0, pore) * 0.26);
    colour = blend(colour, rgb(0xbcc04a), smooth(0.86, 0.97, v) * 0.5 + smooth(0.1, 0.03, v) * 0.4);
    return blend(colour, rgb(0x8a7a3a), smooth(0.02, 0.008, v));
  });
  return {
    group: groupOf(new Mesh(geometry, material({ map }, 0.36, { bump: pores(), bumpScale: 0.13 }))),
    rest: restLying,
    display: pose(0, 24, 72),
  };
}

export function avocado(random: Random): Model {
  const size = random.between(0.95, 1.06);
  const shift = random.between(0, 99);
  const body = curve([
    [0, 0],
    [0.02, 1.0],
    [0.08, 2.0],
    [0.2, 3.0],
    [0.36, 3.42],
    [0.52, 3.2],
    [0.68, 2.55],
    [0.82, 1.95],
    [0.92, 1.42],
    [0.98, 0.72],
    [1, 0],
  ]);
  const bumps = (angle: number, v: number): number => {
    const u = angle / (2 * Math.PI);
    return sharedNoise(u * 34, v * 26 + shift, 34);
  };
  const geometry = turned(
    56,
    48,
    (v) => ({ radius: v === 0 || v === 1 ? 0 : body(v) * size, y: (v - 0.45) * 10.4 * size }),
    (angle, v) => ({
      radius: 1 + 0.022 * bumps(angle, v) + 0.02 * Math.cos(2 * angle + shift),
      lift: 0,
    }),
  );
  const ripe = random.next();
  const map = painted(256, 192, (u, v) => {
    const bump = sharedNoise(u * 34, v * 26 + shift, 34);
    const fine = sharedNoise(u * 90, v * 70, 90);
    const patch = sharedNoise(u * 4, v * 4 + shift, 4);
    let colour = blend(rgb(0x2e4a22), rgb(0x2c3320), ripe * 0.7);
    colour = blend(colour, rgb(0x6f8a45), Math.max(0, bump * 0.5 + fine * 0.35));
    colour = blend(colour, rgb(0x20261a), Math.max(0, patch) * 0.35);
    return blend(colour, rgb(0x8a7a48), smooth(0.985, 0.997, v));
  });
  const cap = new Mesh(
    turned(10, 5, (v) => ({
      radius: Math.sin(v * Math.PI) * 0.42,
      y: -Math.cos(v * Math.PI) * 0.25,
    })),
    material({ color: 0x6b5230 }, 0.95),
  );
  cap.position.y = 0.55 * 10.4 * size;
  return {
    group: groupOf(new Mesh(geometry, material({ map }, 0.5)), cap),
    rest: (random) =>
      pose(0, 0, random.between(-96, -84)).multiply(pose(0, random.between(0, 360), 0)),
    display: pose(0, 0, -62),
  };
}

export function groupOf(...meshes: readonly Mesh[]): Group {
  const group = new Group();
  for (const mesh of meshes) group.add(mesh);
  return group;
}

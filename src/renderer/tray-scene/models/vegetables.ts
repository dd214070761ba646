import { BufferGeometry, Float32BufferAttribute, Mesh, Vector3 } from 'three';
import type { Random } from '../random.ts';
import { material } from '../shade.ts';
import { groupOf } from './fruit.ts';
import type { Model } from './model.ts';
import { blend, painted, rgb, sharedNoise, speckle } from './paint.ts';
import { pose, restLying, restRound } from './poses.ts';
import { curve, smooth, swept, turned } from './surface.ts';

const ACROSS = new Vector3(0, 0, 1);

/** The green star that a fruit of the nightshades keeps of its flower. */
function calyx(
  random: Random,
  leaves: number,
  reach: number,
  wide: number,
  fall: (out: number) => number,
): BufferGeometry {
  const rows = 7;
  const positions: number[] = [];
  const indices: number[] = [];
  for (let leaf = 0; leaf < leaves; leaf += 1) {
    const heading = ((leaf + random.between(-0.14, 0.14)) / leaves) * 2 * Math.PI;
    const length = reach * random.between(0.8, 1.12);
    const first = positions.length / 3;
    for (let row = 0; row <= rows; row += 1) {
      const t = row / rows;
      const half = wide * Math.sin(Math.PI * Math.min(1, 0.22 + t * 0.78)) * (1 - t * 0.35);
      const out = t * length;
      for (const side of [-1, 0, 1]) {
        const across = side * (row === rows ? 0 : half);
        positions.push(
          Math.cos(heading) * out - Math.sin(heading) * across,
          fall(out) + (side === 0 ? 0 : wide * 0.16),
          Math.sin(heading) * out + Math.cos(heading) * across,
        );
      }
      if (row === 0) continue;
      const a = first + (row - 1) * 3;
      indices.push(a, a + 1, a + 3, a + 1, a + 4, a + 3, a + 1, a + 2, a + 4, a + 2, a + 5, a + 4);
    }
  }
  const geometry = new BufferGeometry();
  geometry.setAttribute('position', new Float32BufferAttribute(positions, 3));
  geometry.setAttribute(
    'uv',
    new Float32BufferAttribute(new Float32Array((positions.length / 3) * 2), 2),
  );
  geometry.setIndex(indices);
  geometry.computeVertexNormals();
  return geometry;
}

export function tomato(random: Random): Model {
  const radius = random.between(3.25, 3.75);
  const tall = random.between(0.78, 0.86);
  const phase = random.between(0, 6);
  const shift = random.between(0, 99);
  const ribs = random.index(3) + 4;
  const geometry = turned(
    44,
    32,
    (v) => {
      const angle = v * Math.PI;
      const r = Math.sin(angle) * radius;
      const top = 0.75 * Math.exp(-((r / 1.25) ** 2)) * smooth(0.5, 0.7, v);
      const base = 0.12 * Math.exp(-((r / 0.5) ** 2)) * smooth(0.3, 0.1, v);
      return { radius: r, y: -Math.cos(angle) * radius * tall - top + base };
    },
    (angle, v) => ({
      radius:
        1 +
        0.022 * Math.cos(ribs * angle + phase) * smooth(0.25, 0.8, v) +
        0.02 * Math.cos(2 * angle + phase),
      lift: 0.09 * Math.cos(ribs * angle + phase) * smooth(0.7, 0.88, v) * smooth(1, 0.92, v),
    }),
  );
  const map = painted(192, 128, (u, v) => {
    const patch = sharedNoise(u * 4, v * 3 + shift, 4);
    const fine = sharedNoise(u * 60, v * 40 + shift, 60);
    let colour = blend(rgb(0xcf2213), rgb(0xe23d1c), 0.5 + patch * 0.5 + fine * 0.06);
    colour = blend(colour, rgb(0xdd7a26), smooth(0.86, 0.97, v) * 0.55);
    return blend(colour, rgb(0x8c5a22), smooth(0.022, 0.01, v));
  });
  const peak = radius * tall - 0.62;
  const star = new Mesh(
    calyx(random, 5 + random.index(2), 2.25, 0.36, (out) => {
      const along = Math.min(0.98, out / radius);
      const dip = 0.75 * Math.exp(-((out / 1.25) ** 2));
      return Math.sqrt(1 - along * along) * radius * tall - dip + 0.1 + 0.09 * out * out * 0.5;
    }),
    material({ color: 0x4c7a2b }, 0.75),
  );
  const stem = new Mesh(
    swept(
      8,
      6,
      (v) => new Vector3(v * 0.35, peak + v * 1.05, v * v * 0.3),
      (v) => (v === 0 || v === 1 ? 0 : 0.17),
      ACROSS,
    ),
    material({ color: 0x5b8433 }, 0.75),
  );
  return {
    group: groupOf(new Mesh(geometry, material({ map }, 0.24)), star, stem),
    rest: restRound(0.6),
    display: pose(22, 15, 0),
  };
}

export function redPepper(random: Random): Model {
  const radius = random.between(3.7, 4.15);
  const tall = random.between(8.2, 9.4);
  const lobes = random.chance(0.5) ? 3 : 4;
  const phase = random.between(0, 6);
  const shift = random.between(0, 99);
  const body = curve([
    [0, 0],
    [0.03, 0.34],
    [0.09, 0.6],
    [0.22, 0.8],
    [0.45, 0.93],
    [0.65, 1.02],
    [0.78, 1.03],
    [0.87, 0.93],
    [0.93, 0.7],
    [0.97, 0.38],
    [1, 0],
  ]);
  const height = curve([
    [0, 0.09],
    [0.04, 0.03],
    [0.09, 0.0],
    [0.2, 0.1],
    [0.45, 0.4],
    [0.7, 0.74],
    [0.85, 0.97],
    [0.92, 1.01],
    [0.97, 0.95],
    [1, 0.86],
  ]);
  const groove = (angle: number): number =>
    Math.abs(Math.sin((lobes * (angle + phase)) / 2 + 0.25 * Math.sin(angle + shift))) ** 0.55;
  const geometry = turned(
    60,
    40,
    (v) => ({ radius: v === 0 || v === 1 ? 0 : body(v) * radius, y: (height(v) - 0.5) * tall }),
    (angle, v) => ({
      radius:
        1 -
        0.2 * (1 - groove(angle)) * (0.55 + 0.45 * Math.abs(v - 0.55) * 2) +
        0.03 * Math.cos(angle + phase) +
        0.02 * sharedNoise((angle / Math.PI) * 2, v * 3 + shift, 4),
      lift:
        tall * 0.05 * (groove(angle) - 0.6) * smooth(0.75, 0.92, v) -
        tall * 0.05 * (groove(angle) - 0.4) * smooth(0.25, 0.05, v) * smooth(0, 0.05, v),
    }),
  );
  const map = painted(192, 192, (u, v) => {
    const patch = sharedNoise(u * 4, v * 3 + shift, 4);
    const fine = sharedNoise(u * 30, v * 20 + shift, 30);
    const deep = 1 - groove(u * 2 * Math.PI);
    let colour = blend(rgb(0xc4121a), rgb(0xd9221d), 0.5 + patch * 0.5 + fine * 0.06);
    colour = blend(colour, rgb(0x8e0b12), deep * 0.5);
    return blend(colour, rgb(0x7e8a2c), smooth(0.965, 0.99, v) * 0.7);
  });
  const seat = 0.36 * tall + 0.25;
  const crown = new Mesh(
    turned(
      20,
      8,
      (v) => ({
        radius: Math.sin(v * Math.PI) * 1.2,
        y: seat + 0.1 - Math.cos(v * Math.PI) * 0.26 - 0.12 * Math.sin(v * Math.PI),
      }),
      (angle) => ({ radius: 1 + 0.16 * Math.cos(lobes * (angle + phase) + 2), lift: 0 }),
    ),
    material({ color: 0x4d7f2c }, 0.6),
  );
  const bend = random.between(0.5, 1.3);
  const stem = new Mesh(
    swept(
      12,
      12,
      (v) => new Vector3(bend * v * v, seat + v * 2.9, 0.2 * v),
      (v, angle) =>
        v === 0 || v === 1
          ? 0
          : (0.52 - 0.2 * smooth(0, 0.5, v) + 0.12 * smooth(0.75, 1, v)) *
            (1 + 0.08 * Math.cos(5 * angle)),
      ACROSS,
    ),
    material({ color: 0x5c9136 }, 0.6),
  );
  return {
    group: groupOf(new Mesh(geometry, material({ map }, 0.2)), crown, stem),
    rest: (random) => (random.chance(0.3) ? restRound(1)(random) : restLying(random)),
    display: pose(8, 25, 4),
  };
}

export function cucumber(random: Random): Model {
  const length = random.between(24, 27);
  const girth = random.between(1.95, 2.25);
  const bend = random.between(0.3, 1.4);
  const shift = random.between(0, 99);
  const body = curve([
    [0, 0],
    [0.008, 0.42],
    [0.03, 0.66],
    [0.08, 0.86],
    [0.18, 0.98],
    [0.5, 1.02],
    [0.85, 0.98],
    [0.94, 0.84],
    [0.98, 0.56],
    [0.995, 0.3],
    [1, 0],
  ]);
  const geometry = swept(
    30,
    80,
    (v) => new Vector3(bend * Math.cos((v - 0.5) * Math.PI), (v - 0.5) * length, 0),
    (v, angle) =>
      v === 0 || v === 1
        ? 0
        : body(v) *
          girth *
          (1 +
            0.02 * Math.cos(7 * angle + shift) +
            0.022 * sharedNoise((angle / Math.PI) * 9, v * 60 + shift, 18)),
    ACROSS,
  );
  const map = painted(
    128,
    320,
    (u, v) => {
      const stripe = sharedNoise(u * 16, v * 4 + shift, 16);
      const fine = sharedNoise(u * 40, v * 120 + shift, 40);
      let colour = blend(rgb(0x1f4f22), rgb(0x2f6a2c), 0.5 + stripe * 0.4 + fine * 0.25);
      const pale = Math.max(0, Math.cos(u * 2 * Math.PI * 7 + shift)) ** 6;
      colour = blend(colour, rgb(0x6d9a48), pale * (0.16 + 0.4 * smooth(0.7, 0.02, v)) * 0.8);
      colour = blend(colour, rgb(0x93a95c), smooth(0.06, 0.0, v) * 0.7);
      return blend(colour, rgb(0x7a8a4a), smooth(0.985, 1, v));
    },
    (brush) =>
      speckle(brush, random, {
        count: 130,
        from: 0.05,
        to: 0.97,
        radius: [0.4, 0.9],
        colour: 'rgba(150,180,110,0.45)',
        stretch: 0.5,
      }),
  );
  const stem = new Mesh(
    swept(
      8,
      4,
      (v) => new Vector3(0.05 * v, length / 2 - 0.15 + v * 0.9, 0),
      (v) => (v === 0 || v === 1 ? 0 : 0.24),
      ACROSS,
    ),
    material({ color: 0x5d7a38 }, 0.8),
  );
  return {
    group: groupOf(new Mesh(geometry, material({ map }, 0.32)), stem),
    rest: (random) => pose(0, 0, -90).multiply(pose(0, random.chance(0.5) ? 90 : -90, 0)),
    display: pose(0, 32, -90).multiply(pose(0, 90, 0)),
  };
}

export function carrot(random: Random): Model {
  const length = random.between(15.5, 18.5);
  const girth = random.between(1.55, 1.85);
  const bend = random.between(-0.5, 0.5);
  const shift = random.between(0, 99);
  const body = curve([
    [0, 0],
    [0.01, 0.05],
    [0.06, 0.1],
    [0.15, 0.26],
    [0.35, 0.54],
    [0.6, 0.8],
    [0.82, 0.98],
    [0.92, 1.02],
    [0.97, 0.82],
    [0.99, 0.5],
    [1, 0.0],
  ]);
  const geometry = swept(
    26,
    80,
    (v) => new Vector3(bend * Math.sin(v * 5 + shift), (v - 0.5) * length, 0),
    (v, angle) =>
      v === 0 || v === 1
        ? 0
        : Math.max(
            0.04,
            body(v) *
              girth *
              (1 +
                0.045 * sharedNoise((angle / Math.PI) * 2, v * 44 + shift, 4) +
                0.03 * Math.cos(angle * 2 + shift)),
          ),
    ACROSS,
  );
  const map = painted(
    96,
    320,
    (u, v) => {
      const ring = sharedNoise(u * 3, v * 56 + shift, 3);
      const fine = sharedNoise(u * 20, v * 90 + shift, 20);
      let colour = blend(rgb(0xe86a12), rgb(0xf4852a), 0.5 + ring * 0.4 + fine * 0.2);
      colour = blend(colour, rgb(0xb04a0c), smooth(0.45, 0.9, -ring) * 0.5);
      colour = blend(colour, rgb(0xc05a1c), smooth(0.09, 0.02, v) * 0.5);
      return blend(colour, rgb(0x7a6a2a), smooth(0.965, 0.99, v) * 0.85);
    },
    (brush) => {
      brush.fillStyle = 'rgba(120,56,16,0.55)';
      for (let i = 0; i < 26; i += 1) {
        const wide = random.between(5, 17);
        brush.fillRect(random.between(0, 96 - wide), random.between(14, 280), wide, 1);
      }
    },
  );
  const tops = Array.from({ length: 7 }, (_, i) => {
    const heading = (i / 7) * 2 * Math.PI;
    const out = i === 0 ? 0.1 : random.between(0.4, 1.0);
    const high = random.between(1.6, 3.4);
    return new Mesh(
      swept(
        6,
        6,
        (v) =>
          new Vector3(
            Math.cos(heading) * (0.25 + out * v * v),
            length / 2 - 0.25 + v * high,
            Math.sin(heading) * (0.25 + out * v * v),
          ),
        (v) => (v === 0 || v === 1 ? 0 : 0.17 - 0.05 * v),
        new Vector3(-Math.sin(heading), 0, Math.cos(heading)),
      ),
      material({ color: i % 2 === 0 ? 0x5a9236 : 0x6fa544 }, 0.7),
    );
  });
  return {
    group: groupOf(new Mesh(geometry, material({ map }, 0.55)), ...tops),
    rest: restLying,
    display: pose(0, -38, 90).multiply(pose(0, 40, 0)),
  };
}

export function aubergine(random: Random): Model {
  const length = random.between(15, 17.5);
  const girth = random.between(3.2, 3.65);
  const bend = random.between(0.3, 1.5);
  const shift = random.between(0, 99);
  const body = curve([
    [0, 0],
    [0.015, 0.36],
    [0.06, 0.68],
    [0.16, 0.94],
    [0.3, 1.03],
    [0.45, 0.98],
    [0.65, 0.8],
    [0.82, 0.64],
    [0.93, 0.55],
    [0.98, 0.4],
    [1, 0],
  ]);
  const spine = (v: number): Vector3 =>
    new Vector3(bend * v * v * 1.4 - bend * 0.4, (v - 0.5) * length, 0);
  const geometry = swept(
    40,
    56,
    spine,
    (v, angle) =>
      v === 0 || v === 1 ? 0 : body(v) * girth * (1 + 0.015 * Math.cos(3 * angle + shift)),
    ACROSS,
  );
  const map = painted(128, 160, (u, v) => {
    const streak = sharedNoise(u * 30, v * 3 + shift, 30);
    let colour = blend(rgb(0x2a1035), rgb(0x3d1a4a), 0.5 + streak * 0.35);
    colour = blend(colour, rgb(0x6e4a86), smooth(0.86, 0.93, v) * 0.75);
    return blend(colour, rgb(0x5a4038), smooth(0.02, 0.006, v));
  });
  const leaves = 5;
  const cap = new Mesh(
    swept(
      40,
      14,
      (v) => spine(0.775 + v * 0.235),
      (v, angle) => {
        if (v === 1) return 0;
        const along = 0.775 + v * 0.235;
        const ragged = smooth(-0.35, 0.75, Math.cos(leaves * angle + shift) + v * 2.6 - 0.85);
        const hug = along < 0.995 ? body(along) * girth : 0.7;
        return v === 0 ? hug * 0.82 : hug * (0.9 + 0.19 * ragged) + 0.02;
      },
      ACROSS,
    ),
    material({ color: 0x5d8038 }, 0.7),
  );
  const tip = spine(1);
  const stem = new Mesh(
    swept(
      10,
      10,
      (v) => new Vector3(tip.x + 0.9 * v * v + 0.3 * v, tip.y - 0.3 + v * 3.2, 0),
      (v, angle) =>
        v === 0 || v === 1
          ? 0
          : (0.78 - 0.3 * smooth(0, 0.45, v) + 0.1 * smooth(0.8, 1, v)) *
            (1 + 0.07 * Math.cos(5 * angle)),
      ACROSS,
    ),
    material({ color: 0x68893f }, 0.7),
  );
  return {
    group: groupOf(new Mesh(geometry, material({ map }, 0.2)), cap, stem),
    rest: (random) => pose(0, 0, -90).multiply(pose(0, random.chance(0.5) ? 90 : -90, 0)),
    display: pose(0, 30, -90).multiply(pose(0, 90, 0)),
  };
}

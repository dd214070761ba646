import {
  BoxGeometry,
  CapsuleGeometry,
  CylinderGeometry,
  Group,
  LatheGeometry,
  Mesh,
  SphereGeometry,
  TorusGeometry,
  Vector2,
  Vector3,
} from 'three';
import { RoundedBoxGeometry } from 'three/examples/jsm/geometries/RoundedBoxGeometry.js';
import type { Random } from '../random.ts';
import { material } from '../shade.ts';
import { groupOf } from './fruit.ts';
import type { Model } from './model.ts';
import { blend, drawn, painted, rgb, sharedNoise } from './paint.ts';
import { pose, restFlat, restRound } from './poses.ts';
import { swept } from './surface.ts';

function pick<T>(random: Random, choices: readonly [T, ...T[]]): T {
  return choices[random.index(choices.length)] ?? choices[0];
}

export function mug(random: Random): Model {
  const color = pick(random, [0x2f5d7c, 0xe7e2d6, 0x8c3b2e, 0x3b3b3d, 0x6f8f7a]);
  const outline = [
    [0, -4.6],
    [3.4, -4.6],
    [3.9, -4.2],
    [4.1, 4.5],
    [4.0, 4.7],
    [3.7, 4.5],
    [3.55, -3.9],
    [0, -4.1],
  ].map(([x = 0, y = 0]) => new Vector2(x, y));
  const glaze = material({ color }, 0.25);
  const handle = new Mesh(new TorusGeometry(2.4, 0.55, 10, 24, Math.PI), glaze);
  handle.rotation.z = -Math.PI / 2;
  handle.position.x = 3.8;
  return {
    group: groupOf(new Mesh(new LatheGeometry(outline, 40), glaze), handle),
    rest: (random) =>
      random.chance(0.6)
        ? pose(0, 0, 0)
        : pose(0, 0, 90).multiply(pose(0, random.between(-60, 60), 0)),
    display: pose(0, -40, 0),
  };
}

export function phone(random: Random): Model {
  const shell = new Mesh(
    new RoundedBoxGeometry(7.4, 0.85, 15.4, 4, 0.4),
    material({ color: pick(random, [0x22252a, 0x3a4a63, 0xc9b9a5]) }, 0.35),
  );
  const glass = new Mesh(new BoxGeometry(6.9, 0.02, 14.8), material({ color: 0x08090b }, 0.08));
  glass.position.y = 0.43;
  const bump = new Mesh(
    new RoundedBoxGeometry(3, 0.4, 3, 3, 0.2),
    material({ color: 0x15171a }, 0.2),
  );
  bump.position.set(1.7, -0.5, -5.4);
  return { group: groupOf(shell, glass, bump), rest: restFlat, display: pose(60, 0, 0) };
}

export function sponge(random: Random): Model {
  const shift = random.between(0, 99);
  const foam = painted(128, 128, (u, v) => {
    const hole = sharedNoise(u * 30 + shift, v * 30, 30);
    return blend(rgb(0xe9c83a), rgb(0x9c7a12), hole > 0.35 ? 0.8 : Math.max(0, hole) * 0.4);
  });
  const soft = new Mesh(
    new RoundedBoxGeometry(10, 2.8, 6.6, 3, 0.5),
    material({ map: foam }, 0.95),
  );
  const scour = new Mesh(
    new RoundedBoxGeometry(10, 0.9, 6.6, 2, 0.3),
    material({ color: 0x2f6b46 }, 1),
  );
  scour.position.y = 1.7;
  return { group: groupOf(soft, scour), rest: restFlat, display: pose(20, 20, 0) };
}

export function book(random: Random): Model {
  const ground = pick(random, ['#7A2E3A', '#2E4A5A', '#C98A3A', '#3E5A3C', '#D9CDB8']);
  const cover = drawn(256, 384, (brush, width, height) => {
    brush.fillStyle = ground;
    brush.fillRect(0, 0, width, height);
    brush.fillStyle = 'rgba(255,255,255,0.85)';
    brush.fillRect(36, 60, 184, 10);
    brush.fillRect(36, 84, 130, 10);
    brush.beginPath();
    brush.arc(128, 230, random.between(40, 70), 0, 2 * Math.PI);
    brush.fill();
  });
  const paper = material({ color: 0xf1ead9 }, 0.9);
  const print = material({ map: cover }, 0.55);
  const board = material({ color: Number.parseInt(ground.slice(1), 16) }, 0.55);
  const thick = random.between(1.6, 3.2);
  const mesh = new Mesh(new BoxGeometry(12, thick, 18.5), [
    paper,
    board,
    print,
    print,
    paper,
    paper,
  ]);
  return { group: groupOf(mesh), rest: restFlat, display: pose(60, 0, 0) };
}

/** A hand on a forearm that reaches towards -z; its palm is over the origin. */
export function handAndArm(random: Random): Group {
  const tone = pick(random, [0xe3b08c, 0xc98f68, 0x8f5b3c, 0xf0c8a8, 0x6b4129]);
  const flesh = material({ color: tone }, 0.6);
  const group = new Group();
  const palm = new Mesh(new SphereGeometry(4, 20, 14), flesh);
  palm.scale.set(0.98, 0.4, 1.12);
  group.add(palm);
  const fingers = [
    { x: -2.75, long: 4.6, fan: 0.2 },
    { x: -0.95, long: 5.6, fan: 0.06 },
    { x: 0.9, long: 5.4, fan: -0.05 },
    { x: 2.6, long: 4.1, fan: -0.2 },
  ];
  for (const finger of fingers) {
    const mesh = new Mesh(new CapsuleGeometry(0.92, finger.long, 4, 12), flesh);
    mesh.rotation.set(-Math.PI / 2 + 0.25, 0, 0);
    mesh.position.set(finger.x - finger.fan * 3, -0.5, -2.3 - finger.long / 2);
    mesh.rotateZ(finger.fan);
    group.add(mesh);
  }
  const thumb = new Mesh(new CapsuleGeometry(0.95, 3.4, 4, 10), flesh);
  thumb.rotation.set(-Math.PI / 2, 0, 0);
  thumb.rotateZ(0.85);
  thumb.position.set(-4.1, -0.3, 0);
  group.add(thumb);
  const wrist = new Mesh(
    swept(
      20,
      10,
      (v) => new Vector3(0, v * 1.4, 0.6 + v * 10.4),
      (v, angle) =>
        v === 0 || v === 1
          ? 0
          : (2.5 + v * 0.7 + 0.5 * (1 - v) ** 3) *
            (1 - (0.42 - 0.2 * v) * Math.abs(Math.sin(angle))),
      new Vector3(0, 1, 0),
    ),
    flesh,
  );
  const sleeve = new Mesh(
    swept(
      20,
      10,
      (v) => new Vector3(0, 1.2 + v * 7, 9.5 + v * 44),
      (v) => (v === 0 || v === 1 ? 0 : 3.9 + v * 1.6 + 0.12 * Math.sin(v * 60)),
      new Vector3(0, 1, 0),
    ),
    material({ color: pick(random, [0x35566b, 0x6a6f73, 0x7c4a4a, 0x2f3b35, 0xb9a98c]) }, 0.95),
  );
  group.add(wrist, sleeve);
  return group;
}

export function hand(random: Random): Model {
  const arm = handAndArm(random);
  // As a thing on the tray it is cut at the wrist: a picture never holds the whole sleeve.
  const sleeve = arm.children.at(-1);
  if (sleeve !== undefined) arm.remove(sleeve);
  return { group: arm, rest: () => pose(0, 0, 0), display: pose(50, 0, 0) };
}

export function keys(random: Random): Model {
  const group = new Group();
  const brass = material({ color: 0xc7a650 }, 0.3, { metalness: 1 });
  const steel = material({ color: 0xbfc3c6 }, 0.3, { metalness: 1 });
  const ring = new Mesh(new TorusGeometry(1.4, 0.13, 8, 32), steel);
  ring.rotation.x = Math.PI / 2;
  ring.position.y = 0.2;
  group.add(ring);
  for (let i = 0; i < 3; i += 1) {
    const key = new Group();
    const metal = i === 1 ? brass : steel;
    const head = new Mesh(new CylinderGeometry(1.25, 1.25, 0.24, 6), metal);
    const blade = new Mesh(new BoxGeometry(0.75, 0.22, 4), metal);
    blade.position.z = 2.8;
    key.add(head, blade);
    for (let tooth = 0; tooth < 4; tooth += 1) {
      const notch = new Mesh(new BoxGeometry(0.35, 0.22, 0.4), metal);
      notch.position.set(0.45, 0, 2.2 + tooth * 0.7);
      key.add(notch);
    }
    key.rotation.y = (i - 1) * 0.75 + random.between(-0.2, 0.2);
    key.position.set(
      Math.sin(key.rotation.y) * 2.2,
      0.2 + i * 0.22,
      Math.cos(key.rotation.y) * 2.2,
    );
    group.add(key);
  }
  const fob = new Mesh(
    new RoundedBoxGeometry(2.6, 0.8, 4.2, 3, 0.35),
    material({ color: pick(random, [0x23262b, 0x9b2c2c, 0x275d8c]) }, 0.5),
  );
  fob.position.set(0, 0.3, -3.1);
  group.add(fob);
  return { group, rest: () => pose(0, 0, 0), display: pose(50, 0, 0) };
}

export function wallet(random: Random): Model {
  const shift = random.between(0, 99);
  const tone = pick(random, [0x5b3a24, 0x2a2522, 0x7a4a2a]);
  const leather = painted(128, 128, (u, v) => {
    const grain = sharedNoise(u * 50 + shift, v * 50, 50);
    return blend(rgb(tone), [20, 14, 10], Math.max(0, grain) * 0.45);
  });
  const half = (): Mesh =>
    new Mesh(new RoundedBoxGeometry(11, 0.9, 9, 3, 0.4), material({ map: leather }, 0.6));
  const upper = half();
  upper.position.y = 0.95;
  upper.rotation.x = 0.04;
  const card = new Mesh(new BoxGeometry(8.4, 0.1, 5), material({ color: 0xd8dee2 }, 0.4));
  card.position.set(0.6, 0.5, 2.3);
  return { group: groupOf(half(), upper, card), rest: restFlat, display: pose(50, 20, 0) };
}

export function toyBrick(random: Random): Model {
  const plastic = material({ color: pick(random, [0x1d57b8, 0xc8201f, 0xf0c417, 0x2a8a3e]) }, 0.25);
  const group = groupOf(new Mesh(new BoxGeometry(9.6, 3.6, 4.8), plastic));
  for (let x = 0; x < 4; x += 1) {
    for (let z = 0; z < 2; z += 1) {
      const stud = new Mesh(new CylinderGeometry(0.75, 0.75, 0.6, 20), plastic);
      stud.position.set((x - 1.5) * 2.4, 2.1, (z - 0.5) * 2.4);
      group.add(stud);
    }
  }
  return {
    group,
    rest: (random) => (random.chance(0.7) ? pose(0, 0, 0) : pose(90, 0, 0)),
    display: pose(15, 30, 0),
  };
}

export function tennisBall(random: Random): Model {
  const shift = random.between(0, 99);
  const felt = painted(256, 128, (u, v) => {
    const fuzz = sharedNoise(u * 90 + shift, v * 60, 90);
    const angle = u * 2 * Math.PI;
    const latitude = (v - 0.5) * Math.PI;
    const seam = Math.abs(latitude - 0.75 * Math.sin(2 * angle)) * Math.cos(latitude);
    return blend(
      blend(rgb(0xc9dc2f), rgb(0xa9bf1e), 0.5 + fuzz * 0.5),
      rgb(0xf2f2ea),
      seam < 0.09 ? 0.95 : 0,
    );
  });
  return {
    group: groupOf(new Mesh(new SphereGeometry(3.3, 36, 26), material({ map: felt }, 1))),
    rest: restRound(0),
    display: pose(20, 30, 20),
  };
}

import {
  BoxGeometry,
  Color,
  CylinderGeometry,
  ExtrudeGeometry,
  Group,
  Mesh,
  Path,
  PlaneGeometry,
  Scene,
  Shape,
  Vector3,
} from 'three';
import type { ShaderMaterial, Texture } from 'three';
import { OVERHEAD_LAYER } from './layers.ts';
import { blend, drawn, painted, rgb, sharedNoise } from './models/paint.ts';
import { swept } from './models/surface.ts';
import { material } from './shade.ts';

/** All in centimetres; the middle of the tray's floor is the origin, z runs towards the shopper. */
export const tray = { width: 48, depth: 36, rim: 1.6, rimHeight: 1.5, corner: 4.5 };

/** The shelf's two steps: where things stand, and how far they lean back. */
export const steps = [
  { y: 5.4, z: -32.5, tilt: 0.2 },
  { y: 15.2, z: -46.5, tilt: 0 },
] as const;

export const shelfWidth = 104;

const COUNTER_Y = -1;

export interface Stage {
  readonly scene: Scene;
  readonly furniture: Group;
}

export function buildStage(): Stage {
  const scene = new Scene();
  scene.background = new Color(0xf3eee2);
  const furniture = new Group();
  furniture.add(counter(), trayBody(), shelf(), wall(), overhead());
  scene.add(furniture);
  return { scene, furniture };
}

function wood(light: number, dark: number, planks: number, seed: number): Texture {
  const texture = painted(512, 256, (u, v) => {
    const plank = Math.floor(v * planks);
    const along = u + plank * 0.37 + seed;
    const ring = sharedNoise(along * 5, v * 46 + plank * 9, 256);
    const grain = sharedNoise(along * 22, v * 150, 256) * 0.5 + ring * 0.6;
    const tone = sharedNoise(plank * 7.3 + seed, 3.7, 256) * 0.22;
    const joint = Math.min(1, Math.abs(v * planks - Math.round(v * planks)) * 26);
    const colour = blend(
      rgb(light),
      rgb(dark),
      Math.min(1, Math.max(0, 0.42 + grain * 0.38 + tone)),
    );
    const shade = planks > 1 ? 0.72 + 0.28 * joint : 1;
    return [colour[0] * shade, colour[1] * shade, colour[2] * shade];
  });
  return texture;
}

function counter(): Group {
  const group = new Group();
  const board = wood(0xe3c79c, 0xc79d68, 5, 0);
  const top = new Mesh(new PlaneGeometry(190, 62), material({ map: board }, 0.75));
  top.rotation.x = -Math.PI / 2;
  top.position.set(0, COUNTER_Y, 7);
  const front = new Mesh(
    new BoxGeometry(190, 5, 1.2),
    material({ map: wood(0xd5b483, 0xb98c57, 1, 4) }, 0.75),
  );
  front.position.set(0, COUNTER_Y - 2.5, 38.4);
  const beneath = new Mesh(new PlaneGeometry(190, 60), material({ color: 0x14532f }, 0.8));
  beneath.position.set(0, COUNTER_Y - 35, 37.4);
  group.add(top, front, beneath);
  return group;
}

function roundedOutline(width: number, depth: number, corner: number): Shape {
  return traceRounded(new Shape(), width, depth, corner);
}

function traceRounded<T extends Path>(path: T, width: number, depth: number, corner: number): T {
  const x = width / 2;
  const y = depth / 2;
  path.moveTo(-x + corner, -y);
  path.lineTo(x - corner, -y);
  path.absarc(x - corner, -y + corner, corner, -Math.PI / 2, 0, false);
  path.lineTo(x, y - corner);
  path.absarc(x - corner, y - corner, corner, 0, Math.PI / 2, false);
  path.lineTo(-x + corner, y);
  path.absarc(-x + corner, y - corner, corner, Math.PI / 2, Math.PI, false);
  path.lineTo(-x, -y + corner);
  path.absarc(-x + corner, -y + corner, corner, Math.PI, Math.PI * 1.5, false);
  return path;
}

function trayBody(): Group {
  const group = new Group();
  const felt = painted(256, 192, (u, v) => {
    const weave = sharedNoise(u * 120, v * 90, 120);
    const cloud = sharedNoise(u * 4, v * 3 + 40, 4);
    const level = 1 + weave * 0.012 + cloud * 0.008;
    return [231 * level, 228 * level, 219 * level];
  });
  const floor = new Mesh(new PlaneGeometry(tray.width, tray.depth), material({ map: felt }, 0.92));
  floor.rotation.x = -Math.PI / 2;
  const outer = roundedOutline(
    tray.width + 2 * tray.rim,
    tray.depth + 2 * tray.rim,
    tray.corner + tray.rim,
  );
  outer.holes.push(traceRounded(new Path(), tray.width, tray.depth, tray.corner));
  const rim = new Mesh(
    new ExtrudeGeometry(outer, {
      depth: tray.rimHeight + 0.6,
      bevelEnabled: true,
      bevelSize: 0.35,
      bevelThickness: 0.35,
      bevelSegments: 3,
      curveSegments: 10,
    }),
    material({ color: 0x1f7a45 }, 0.5),
  );
  rim.rotation.x = -Math.PI / 2;
  rim.position.y = -0.6;
  group.add(floor, rim);
  return group;
}

function shelf(): Group {
  const group = new Group();
  const plank = material({ map: wood(0xd9b988, 0xb98a54, 1, 2) }, 0.75);
  const dark = material({ map: wood(0xa87a48, 0x83592f, 1, 6) }, 0.75);
  const board = (
    size: readonly [number, number, number],
    at: readonly [number, number, number],
    tilt: number,
    look: ShaderMaterial,
  ): void => {
    const mesh = new Mesh(new BoxGeometry(...size), look);
    mesh.position.set(...at);
    mesh.rotation.x = tilt;
    group.add(mesh);
  };
  for (const step of steps) {
    const drop = Math.sin(step.tilt) * 7;
    board([shelfWidth, 1, 14], [0, step.y - 0.5, step.z], step.tilt, plank);
    board([shelfWidth + 1, 3.4, 1], [0, step.y - 0.6 - drop, step.z + 7.3], 0, dark);
    board(
      [shelfWidth, step.y + 1, 1],
      [0, (step.y - drop - 2.6 + COUNTER_Y) / 2, step.z + 6.4],
      0,
      dark,
    );
  }
  for (const side of [-1, 1]) {
    board([1.6, 52, 3], [(side * (shelfWidth + 2)) / 2, 25, -53.5], 0, plank);
    board([1.6, 3.5, 31], [(side * (shelfWidth + 2)) / 2, 2.4, -39.5], 0, plank);
  }
  return group;
}

function wall(): Group {
  const group = new Group();
  const back = new Mesh(new PlaneGeometry(260, 120), material({ color: 0xf3ecdc }, 0.95));
  back.position.set(0, 30, -62);
  const panel = new Mesh(new PlaneGeometry(shelfWidth + 2, 38), material({ color: 0x2b7d4c }, 0.9));
  panel.position.set(0, 32, -54.4);
  group.add(back, panel);
  return group;
}

/** The awning and the camera on its neck: the world view shows them, the tray's camera cannot. */
function overhead(): Group {
  const group = new Group();
  const stripes = awningStripes();
  const cloth = material({ map: stripes }, 0.9);
  const roof = new Mesh(new PlaneGeometry(shelfWidth + 6, 20), cloth);
  roof.position.set(0, 51.5, -47);
  roof.rotation.x = -0.95;
  group.add(roof);
  const scallops = 16;
  const wide = (shelfWidth + 6) / scallops;
  for (let i = 0; i < scallops; i += 1) {
    const outline = new Shape();
    outline.moveTo(-wide / 2, 0);
    outline.lineTo(-wide / 2, -2.4);
    outline.absarc(0, -2.4, wide / 2, Math.PI, 2 * Math.PI, false);
    outline.lineTo(wide / 2, 0);
    const flap = new Mesh(
      new ExtrudeGeometry(outline, { depth: 0.2, bevelEnabled: false, curveSegments: 8 }),
      material({ color: i % 2 === 0 ? 0x1f7a45 : 0xfaf8f3 }, 0.9),
    );
    flap.position.set(-(shelfWidth + 6) / 2 + wide * (i + 0.5), 45.8, -38.9);
    group.add(flap);
  }
  group.add(watcher());
  group.traverse((part) => part.layers.set(OVERHEAD_LAYER));
  return group;
}

function watcher(): Group {
  const group = new Group();
  const shell = material({ color: 0xf4f1e8 }, 0.35);
  const base = new Mesh(new CylinderGeometry(4, 4.3, 1.4, 32), shell);
  base.position.set(-38, COUNTER_Y + 0.7, 6);
  const neck = new Mesh(
    swept(
      16,
      24,
      (v) => new Vector3(-38 + 6 * v * v * v, COUNTER_Y + 1 + 20 * v, 6 - 3 * v * v * v),
      (v) => (v === 0 || v === 1 ? 0 : 0.75),
      new Vector3(0, 0, 1),
    ),
    shell,
  );
  const head = new Group();
  const body = new Mesh(new CylinderGeometry(2.9, 2.5, 3.6, 32), shell);
  const ring = new Mesh(
    new CylinderGeometry(2.1, 2.1, 0.3, 32),
    material({ color: 0x1f7a45 }, 0.4),
  );
  const lens = new Mesh(
    new CylinderGeometry(1.4, 1.4, 0.5, 32),
    material({ color: 0x0b0d0c }, 0.08),
  );
  ring.position.y = -1.8;
  lens.position.y = -1.85;
  head.add(body, ring, lens);
  head.position.set(-31.4, COUNTER_Y + 21, 2.6);
  head.rotation.set(0.2, 0, 0.85);
  group.add(base, neck, head);
  return group;
}

function awningStripes(): Texture {
  return drawn(512, 8, (brush) => {
    for (let i = 0; i < 16; i += 1) {
      brush.fillStyle = i % 2 === 0 ? '#1F7A45' : '#FAF8F3';
      brush.fillRect(i * 32, 0, 32, 8);
    }
  });
}

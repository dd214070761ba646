import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { createCanvas } from '@napi-rs/canvas';
import type { SKRSContext2D } from '@napi-rs/canvas';

import type { Box } from '../domain/box.ts';
import { seededRandom } from '../../shared/seeded-random.ts';

/** Things to lay on a drawn tray; `star` is what no test teaches. */
const drawnThings = {
  tomato(context: SKRSContext2D) {
    context.fillStyle = '#d3281c';
    context.beginPath();
    context.arc(0, 0, 70, 0, 2 * Math.PI);
    context.fill();
    context.fillStyle = '#2c7a2c';
    for (let leaf = 0; leaf < 5; leaf += 1) {
      context.rotate((2 * Math.PI) / 5);
      context.fillRect(0, -6, 34, 12);
    }
  },
  carton(context: SKRSContext2D) {
    context.fillStyle = '#f4f4f8';
    context.fillRect(-55, -90, 110, 180);
    context.fillStyle = '#1d4fa3';
    context.fillRect(-55, -40, 110, 60);
    context.fillStyle = '#ffffff';
    context.font = 'bold 40px sans-serif';
    context.fillText('MILK', -50, 5);
  },
  banana(context: SKRSContext2D) {
    context.strokeStyle = '#f0c930';
    context.lineWidth = 42;
    context.lineCap = 'round';
    context.beginPath();
    context.arc(0, -60, 110, 0.2 * Math.PI, 0.8 * Math.PI);
    context.stroke();
  },
  star(context: SKRSContext2D) {
    context.fillStyle = '#7a3fb0';
    for (let ray = 0; ray < 9; ray += 1) {
      context.rotate((2 * Math.PI) / 9);
      context.beginPath();
      context.moveTo(0, -14);
      context.lineTo(100, 0);
      context.lineTo(0, 14);
      context.fill();
    }
  },
} as const;

export type DrawnThing = keyof typeof drawnThings;

/** A JPEG of a tray with one thing on it; the seed says where it lies, its turn and the light. */
export function drawPhoto(
  thing: DrawnThing,
  seed: number,
  width = 320,
  height = 240,
): Buffer<ArrayBuffer> {
  const random = seededRandom(seed);
  const canvas = createCanvas(width, height);
  const context = canvas.getContext('2d');
  const light = 150 + random() * 40;
  context.fillStyle = `rgb(${light}, ${light - 5}, ${light - 12})`;
  context.fillRect(0, 0, width, height);
  context.scale(width / 320, height / 240);
  context.translate(130 + random() * 60, 95 + random() * 50);
  context.rotate(random() * 2 * Math.PI);
  const size = 0.75 + random() * 0.3;
  context.scale(size, size);
  drawnThings[thing](context);
  return Buffer.from(canvas.toBuffer('image/jpeg', 85));
}

/** Writes a folder for each tag with as many photos as `counts` says. */
export async function drawFolders(
  folder: string,
  counts: Readonly<Record<string, { readonly thing: DrawnThing; readonly photos: number }>>,
): Promise<void> {
  for (const [tag, { thing, photos }] of Object.entries(counts)) {
    await mkdir(join(folder, tag), { recursive: true });
    for (let index = 0; index < photos; index += 1) {
      await writeFile(join(folder, tag, `${index}.jpg`), drawPhoto(thing, index + 1));
    }
  }
}

export interface DrawnTray {
  readonly jpeg: Buffer<ArrayBuffer>;
  /** Where each thing lies, in the order given; fractions of the picture. */
  readonly boxes: readonly Box[];
}

/** A JPEG of a tray with several things side by side. */
export function drawTray(things: readonly DrawnThing[], seed: number): DrawnTray {
  const random = seededRandom(seed);
  const [width, height] = [480, 360];
  const canvas = createCanvas(width, height);
  const context = canvas.getContext('2d');
  const light = 170 + random() * 40;
  context.fillStyle = `rgb(${light}, ${light - 5}, ${light - 12})`;
  context.fillRect(0, 0, width, height);
  const room = width / things.length;
  const boxes = things.map((thing, place) => {
    const layer = createCanvas(width, height);
    const one = layer.getContext('2d');
    one.translate(room * (place + 0.5), height * (0.35 + random() * 0.3));
    one.rotate(random() * 2 * Math.PI);
    const size = (0.8 + random() * 0.2) * Math.min(1, room / 230);
    one.scale(size, size);
    drawnThings[thing](one);
    context.drawImage(layer, 0, 0);
    return inkOf(one.getImageData(0, 0, width, height).data, width, height);
  });
  return { jpeg: Buffer.from(canvas.toBuffer('image/jpeg', 90)), boxes };
}

/** The smallest box around all that is not transparent. */
function inkOf(rgba: Uint8ClampedArray, width: number, height: number): Box {
  let [left, top, right, bottom] = [width, height, 0, 0];
  for (let pixel = 0; pixel < width * height; pixel += 1) {
    if (rgba[pixel * 4 + 3]! < 128) continue;
    const [x, y] = [pixel % width, Math.floor(pixel / width)];
    [left, right] = [Math.min(left, x), Math.max(right, x + 1)];
    [top, bottom] = [Math.min(top, y), Math.max(bottom, y + 1)];
  }
  return {
    left: left / width,
    top: top / height,
    width: (right - left) / width,
    height: (bottom - top) / height,
  };
}

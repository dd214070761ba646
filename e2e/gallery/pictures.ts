import type { Touchable } from '../../src/shared/contracts/demo.ts';
import { pictureUrl } from './snapshots.ts';

const shelf = [
  'banana',
  'red-apple',
  'green-apple',
  'orange',
  'lemon',
  'avocado',
  'tomato',
  'carrot',
  'milk',
  'orange-juice',
  'baked-beans',
  'pasta',
];

/** A shelf of two boards above, a tray with two things below. */
export const worldTouchables: readonly Touchable[] = [
  ...shelf.map((productId, index): Touchable => ({
    kind: 'shelf',
    productId,
    instanceId: null,
    rect: {
      left: 0.04 + (index % 6) * 0.157,
      top: index < 6 ? 0.05 : 0.27,
      width: 0.13,
      height: 0.17,
    },
  })),
  {
    kind: 'tray',
    productId: 'banana',
    instanceId: 'i1',
    rect: { left: 0.3, top: 0.6, width: 0.18, height: 0.24 },
  },
  {
    kind: 'tray',
    productId: 'milk',
    instanceId: 'i2',
    rect: { left: 0.53, top: 0.6, width: 0.18, height: 0.24 },
  },
];

async function load(url: string): Promise<HTMLImageElement> {
  const image = new Image();
  image.src = url;
  await image.decode();
  return image;
}

/** A JPEG of a stand-in for what a camera or the demo's world would show. */
export async function drawPreview(demo: boolean): Promise<{
  readonly jpeg: Uint8Array;
  readonly width: number;
  readonly height: number;
}> {
  const canvas = document.createElement('canvas');
  canvas.width = 1024;
  canvas.height = 768;
  const pen = canvas.getContext('2d');
  if (pen === null) throw new Error('no canvas');
  const ground = pen.createLinearGradient(0, 0, 0, 768);
  ground.addColorStop(0, '#cfc7b8');
  ground.addColorStop(1, '#e9e4d9');
  pen.fillStyle = ground;
  pen.fillRect(0, 0, 1024, 768);
  if (demo) {
    pen.fillStyle = '#8a6a4c';
    for (const top of [0.23, 0.45]) pen.fillRect(0, top * 768, 1024, 14);
    pen.fillStyle = '#f7f4ec';
    pen.beginPath();
    pen.roundRect(190, 420, 644, 300, 40);
    pen.fill();
  }
  const places = demo
    ? worldTouchables.map(({ productId, rect }) => ({ productId, rect }))
    : [{ productId: 'banana', rect: { left: 0.3, top: 0.22, width: 0.4, height: 0.55 } }];
  for (const { productId, rect } of places) {
    const url = pictureUrl(productId);
    const box = [rect.left * 1024, rect.top * 768, rect.width * 1024, rect.height * 768] as const;
    if (url === null) {
      pen.fillStyle = '#7b9c6a';
      pen.beginPath();
      pen.roundRect(...box, 30);
      pen.fill();
    } else {
      const image = await load(url);
      const scale = Math.min(box[2] / image.width, box[3] / image.height);
      const [width, height] = [image.width * scale, image.height * scale];
      pen.drawImage(
        image,
        box[0] + (box[2] - width) / 2,
        box[1] + (box[3] - height) / 2,
        width,
        height,
      );
    }
  }
  const blob = await new Promise<Blob | null>((resolve) =>
    canvas.toBlob(resolve, 'image/jpeg', 0.9),
  );
  if (blob === null) throw new Error('no JPEG');
  return { jpeg: new Uint8Array(await blob.arrayBuffer()), width: 1024, height: 768 };
}

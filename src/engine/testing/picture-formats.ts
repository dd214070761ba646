import { createCanvas, loadImage } from '@napi-rs/canvas';

/** The picture in each format that the service takes; the GIF has its 256 colours. */
export async function inEachFormat(picture: Buffer): Promise<Readonly<Record<string, Buffer>>> {
  const image = await loadImage(picture);
  const { width, height } = image;
  const canvas = createCanvas(width, height);
  const context = canvas.getContext('2d');
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, width, height);
  return {
    jpeg: picture,
    png: canvas.toBuffer('image/png'),
    gif: canvas.toBuffer('image/gif'),
    bmp: writeBmp(width, height, data),
    'jpeg turned by EXIF': upsideDown(picture),
  };
}

/** 24 bits a pixel, top row first. `rgba` has four bytes a pixel. */
export function writeBmp(width: number, height: number, rgba: Uint8ClampedArray): Buffer {
  const rowBytes = Math.ceil((width * 3) / 4) * 4;
  const file = Buffer.alloc(54 + rowBytes * height);
  file.write('BM', 'latin1');
  file.writeUInt32LE(file.length, 2);
  file.writeUInt32LE(54, 10);
  file.writeUInt32LE(40, 14);
  file.writeInt32LE(width, 18);
  file.writeInt32LE(-height, 22);
  file.writeUInt16LE(1, 26);
  file.writeUInt16LE(24, 28);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const [red = 0, green = 0, blue = 0] = rgba.subarray((y * width + x) * 4);
      file.set([blue, green, red], 54 + y * rowBytes + x * 3);
    }
  }
  return file;
}

/** The JPEG with an EXIF block of one entry: orientation 3, which is upside down. */
export function upsideDown(jpeg: Buffer): Buffer {
  const exif = Buffer.concat([
    Buffer.from([0xff, 0xe1, 0x00, 0x22]),
    Buffer.from('Exif\0\0MM\0*\0\0\0\x08', 'latin1'),
    Buffer.from([0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 3, 0, 0, 0, 0, 0, 0]),
  ]);
  return Buffer.concat([jpeg.subarray(0, 2), exif, jpeg.subarray(2)]);
}

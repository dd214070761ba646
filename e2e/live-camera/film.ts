import { writeFileSync } from 'node:fs';
import { createCanvas } from '@napi-rs/canvas';

/**
 * Writes a film of one picture for Chromium's pretended camera: dark on the left, light on the
 * right, and a red square in the middle. Chromium takes MJPEG only as 4:2:0, as it is made here.
 */
export function writeFilm(path: string, width = 640, height = 480): void {
  const canvas = createCanvas(width, height);
  const context = canvas.getContext('2d');
  context.fillStyle = '#303030';
  context.fillRect(0, 0, width / 2, height);
  context.fillStyle = '#d0d0d0';
  context.fillRect(width / 2, 0, width / 2, height);
  context.fillStyle = '#d01010';
  context.fillRect(width / 2 - height / 6, height / 3, height / 3, height / 3);
  const frame = canvas.toBuffer('image/jpeg', 90);
  writeFileSync(path, Buffer.concat(Array.from({ length: 30 }, () => frame)));
}

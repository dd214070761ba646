import { writeFileSync } from 'node:fs';
import { createCanvas } from '@napi-rs/canvas';
import type { Image } from '@napi-rs/canvas';

/**
 * Writes a film of one picture for Chromium's pretended camera: dark on the left, light on the
 * right, and a red square in the middle.
 */
export function writeFilm(path: string, width = 640, height = 480): void {
  writeFrames(
    path,
    Array.from({ length: 30 }, () => drawSquare(width, height)),
  );
}

/** Writes one of a quarter each of red, green, blue and white, clockwise from the upper left. */
export function writeQuarters(path: string, width = 640, height = 480): void {
  writeFrames(
    path,
    Array.from({ length: 30 }, () => drawQuarters(width, height)),
  );
}

/** Writes a film that goes round: so many seconds in the dark, then as many with the light on. */
export function writeFilmInTheDark(path: string, seconds: number): void {
  const dark = drawSquare(640, 480, 0.02);
  const light = drawSquare(640, 480);
  const frames = seconds * 30;
  writeFrames(
    path,
    Array.from({ length: 2 * frames }, (_, index) => (index < frames ? dark : light)),
  );
}

/** Writes one that goes round: so many seconds a bare table, then as many with a thing on it. */
export function writeFilmOfThing(path: string, thing: Image, seconds: number): void {
  const bare = drawTable();
  const laid = drawTable(thing);
  const frames = Math.round(seconds * 30);
  writeFrames(
    path,
    Array.from({ length: 2 * frames }, (_, index) => (index < frames ? bare : laid)),
  );
}

/** As JPEGs of 4:2:0, which is all that Chromium takes. */
function writeFrames(path: string, frames: readonly Buffer[]): void {
  writeFileSync(path, Buffer.concat(frames));
}

function drawSquare(width: number, height: number, light = 1): Buffer {
  const canvas = createCanvas(width, height);
  const context = canvas.getContext('2d');
  context.fillStyle = '#303030';
  context.fillRect(0, 0, width / 2, height);
  context.fillStyle = '#d0d0d0';
  context.fillRect(width / 2, 0, width / 2, height);
  context.fillStyle = '#d01010';
  context.fillRect(width / 2 - height / 6, height / 3, height / 3, height / 3);
  context.fillStyle = `rgb(0 0 0 / ${1 - light})`;
  context.fillRect(0, 0, width, height);
  return canvas.toBuffer('image/jpeg', 90);
}

function drawTable(thing?: Image): Buffer {
  const canvas = createCanvas(640, 480);
  const context = canvas.getContext('2d');
  context.fillStyle = '#5a5f66';
  context.fillRect(0, 0, 640, 480);
  if (thing !== undefined) context.drawImage(thing, 220, 140, 200, 200);
  return canvas.toBuffer('image/jpeg', 90);
}

function drawQuarters(width: number, height: number): Buffer {
  const canvas = createCanvas(width, height);
  const context = canvas.getContext('2d');
  const quarters = [
    ['#ff0000', 0, 0],
    ['#00ff00', width / 2, 0],
    ['#0000ff', width / 2, height / 2],
    ['#ffffff', 0, height / 2],
  ] as const;
  for (const [colour, left, top] of quarters) {
    context.fillStyle = colour;
    context.fillRect(left, top, width / 2, height / 2);
  }
  return canvas.toBuffer('image/jpeg', 90);
}

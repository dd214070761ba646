import { writeFileSync } from 'node:fs';
import { createCanvas } from '@napi-rs/canvas';
import type { Image, SKRSContext2D } from '@napi-rs/canvas';

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

/**
 * Writes one that goes round: a bare table; an arm lays a thing down, and after a while takes it away;
 * another arm, which came meanwhile, lays another thing at its place within half a second.
 */
export function writeFilmOfSwap(path: string, first: Image, second: Image): void {
  const frames: Buffer[] = [];
  const show = (seconds: number, draw: (share: number, context: SKRSContext2D) => void): void => {
    const count = Math.round(seconds * 30);
    for (let index = 1; index <= count; index += 1) {
      frames.push(drawOnTable((context) => draw(index / count, context)));
    }
  };
  const rest = (seconds: number, draw: (context: SKRSContext2D) => void): void => {
    const frame = drawOnTable(draw);
    for (let index = 0; index < seconds * 30; index += 1) frames.push(frame);
  };
  // Longer rests, and it would pass for a camera that hangs.
  rest(2, () => undefined);
  show(0.8, (share, context) => drawArm(context, 'left', 1 - share, first));
  show(0.8, (share, context) => {
    drawThing(context, first, 0, 0);
    drawArm(context, 'left', share);
  });
  rest(2.4, (context) => drawThing(context, first, 0, 0));
  show(0.4, (share, context) => {
    drawThing(context, first, 0, 0);
    drawArm(context, 'left', 1 - share);
  });
  show(0.4, (share, context) => {
    drawArm(context, 'above', 1 - share / 2, second);
    drawArm(context, 'left', share, first);
  });
  show(0.3, (share, context) => drawArm(context, 'above', (1 - share) / 2, second));
  show(0.4, (share, context) => {
    drawThing(context, second, 0, 0);
    drawArm(context, 'above', share);
  });
  rest(2.5, (context) => drawThing(context, second, 0, 0));
  writeFrames(path, frames);
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
  return drawOnTable((context) => {
    if (thing !== undefined) drawThing(context, thing, 0, 0);
  });
}

function drawOnTable(draw: (context: SKRSContext2D) => void): Buffer {
  const canvas = createCanvas(640, 480);
  const context = canvas.getContext('2d');
  context.fillStyle = '#5a5f66';
  context.fillRect(0, 0, 640, 480);
  draw(context);
  return canvas.toBuffer('image/jpeg', 90);
}

/** So far from the middle of the table. */
function drawThing(context: SKRSContext2D, thing: Image, right: number, down: number): void {
  context.save();
  // A webcam's colours are paler than those of the catalogue's pictures.
  context.filter = 'saturate(0.85)';
  context.drawImage(thing, 220 + right, 140 + down, 200, 200);
  context.restore();
}

/** An arm from a side to the middle of the table; `away` goes from 0, there, to 1, just outside. */
function drawArm(
  context: SKRSContext2D,
  from: 'above' | 'left',
  away: number,
  holds?: Image,
): void {
  const offset = -450 * away;
  const [right, down] = from === 'above' ? [0, offset] : [offset, 0];
  if (holds !== undefined) drawThing(context, holds, right, down);
  context.save();
  context.translate(320 + right, 240 + down);
  if (from === 'left') context.rotate(-Math.PI / 2);
  const skin = context.createLinearGradient(-45, 0, 45, 0);
  skin.addColorStop(0, '#a8745a');
  skin.addColorStop(0.4, '#e0ac90');
  skin.addColorStop(1, '#9c6850');
  context.fillStyle = skin;
  context.beginPath();
  context.roundRect(-40, -500, 80, 400, 20);
  context.ellipse(0, -110, 58, 60, 0, 0, 2 * Math.PI);
  for (const finger of [-44, -16, 14, 42]) context.roundRect(finger - 12, -110, 24, 65, 12);
  context.fill();
  context.restore();
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

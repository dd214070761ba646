import { expect, test } from 'vitest';
import { emptyCutout } from './picture.ts';
import type { Cutout } from './picture.ts';
import { drawLabel, drawShadow, drawSprite, opacityAt } from './draw.ts';
import { createComposeCanvas, spriteOf } from './sprite.ts';
import type { Canvas } from './sprite.ts';

/** Red, and brighter in its left half. */
function square(side: number): Cutout {
  const cutout = emptyCutout(side, side);
  for (let p = 0; p < side * side; p += 1) cutout.luma[p] = p % side < side / 2 ? 200 : 100;
  cutout.cr.fill(60);
  cutout.alpha.fill(1);
  return cutout;
}

function canvasOf(level: number): Canvas {
  const canvas = createComposeCanvas({ width: 64, height: 48, margin: 4 });
  canvas.luma.fill(level);
  return canvas;
}

function lumaAt(canvas: Canvas, x: number, y: number): number {
  return canvas.luma[(y + canvas.margin) * canvas.width + x + canvas.margin]!;
}

function redAt(canvas: Canvas, x: number, y: number): number {
  const half = canvas.margin >> 1;
  return canvas.cr[((y >> 1) + half) * (canvas.width >> 1) + (x >> 1) + half]!;
}

const place = { x: 32, y: 24, angle: 0, scale: 1 };

test('it is drawn around its place, in brightness and in colour', () => {
  const canvas = canvasOf(50);
  drawSprite(canvas, spriteOf(square(20), { scale: 1 }), [place]);
  expect(lumaAt(canvas, 24, 24)).toBeCloseTo(200);
  expect(lumaAt(canvas, 40, 24)).toBeCloseTo(100);
  expect(redAt(canvas, 28, 24)).toBeCloseTo(60);
  for (const [x, y] of [
    [20, 24],
    [44, 24],
    [32, 12],
    [32, 36],
  ] as const) {
    expect(lumaAt(canvas, x, y)).toBe(50);
    expect(redAt(canvas, x, y)).toBe(0);
  }
});

test('it turns clockwise around its origin, and is mirrored', () => {
  const turned = canvasOf(0);
  drawSprite(turned, spriteOf(square(20), { scale: 1 }), [{ ...place, angle: Math.PI / 2 }]);
  expect(lumaAt(turned, 32, 17)).toBeCloseTo(200);
  expect(lumaAt(turned, 32, 31)).toBeCloseTo(100);
  const mirrored = canvasOf(0);
  drawSprite(mirrored, spriteOf(square(20), { scale: 1, isMirrored: true }), [place]);
  expect(lumaAt(mirrored, 24, 24)).toBeCloseTo(100);
});

test('a smaller scale keeps its mean', () => {
  const canvas = canvasOf(0);
  drawSprite(canvas, spriteOf(square(40), { scale: 0.5 }), [place]);
  expect(lumaAt(canvas, 26, 20)).toBeCloseTo(200);
  expect(lumaAt(canvas, 45, 20)).toBe(0);
});

test('what moves while the shutter is open is seen half at both ends of its way', () => {
  const canvas = canvasOf(0);
  const places = [
    { ...place, x: 22 },
    { ...place, x: 42 },
  ];
  drawSprite(canvas, spriteOf(square(20), { scale: 1 }), places);
  expect(lumaAt(canvas, 15, 24)).toBeCloseTo(100);
  expect(lumaAt(canvas, 47, 24)).toBeCloseTo(50);
  // And nothing is left of it for the next.
  const next = canvasOf(7);
  drawSprite(next, spriteOf(square(4), { scale: 1 }), [place, place]);
  expect(lumaAt(next, 31, 24)).toBeCloseTo(200);
});

test('a shadow takes light where it falls, and none far away', () => {
  const canvas = canvasOf(100);
  const sprite = spriteOf(square(20), { scale: 1 });
  drawShadow(canvas, sprite, { ...place, x: 16 }, { dx: 0, dy: 0, strength: 0.4, softness: 0 });
  expect(lumaAt(canvas, 16, 24)).toBeLessThan(65);
  expect(lumaAt(canvas, 60, 24)).toBeCloseTo(100, 0);
});

test('labels and opacity are where it is drawn', () => {
  const canvas = canvasOf(0);
  const sprite = spriteOf(square(20), { scale: 1 });
  const labels = new Uint8Array(canvas.width * canvas.height);
  drawLabel(labels, canvas, sprite, place, 3);
  expect(labels.filter((label) => label === 3)).toHaveLength(400);
  expect(labels[(24 + 4) * canvas.width + 23 + 4]).toBe(3);
  expect(labels[(24 + 4) * canvas.width + 21 + 4]).toBe(0);
  expect(opacityAt(sprite, place, 23, 24)).toBe(1);
  expect(opacityAt(sprite, place, 21, 24)).toBe(0);
});

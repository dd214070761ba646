import { expect, test } from 'vitest';
import { seededRandom } from '../../../src/shared/seeded-random.ts';
import { baseCamera } from './base-camera.ts';
import type { CameraSettings } from './camera.ts';
import { Sensor } from './sensor.ts';
import { createComposeCanvas } from './sprite.ts';
import type { Canvas } from './sprite.ts';

const film = { width: 64, height: 48, margin: 10 };

function sensorOf(settings: Partial<CameraSettings>): Sensor {
  const still: CameraSettings = {
    ...baseCamera(seededRandom(1)),
    noise: { read: 0, shot: 0, smearPx: 0 },
    tone: { gamma: 1, knee: 255, saturation: 1 },
    ...settings,
  };
  return new Sensor(still, film, seededRandom(2));
}

/** Grey, with a bright upright line in the film's column 20. */
function sceneOf(level: number): Canvas {
  const canvas = createComposeCanvas(film);
  canvas.luma.fill(level);
  for (let y = 0; y < canvas.height; y += 1) canvas.luma[y * canvas.width + 20 + film.margin] = 250;
  return canvas;
}

function mean(plane: Uint8Array): number {
  return plane.reduce((sum, level) => sum + level, 0) / plane.length;
}

test('without any fault the picture is the scene', () => {
  const { luma, chroma } = sensorOf({}).take(sceneOf(100), 0);
  expect(luma[5 * 64 + 10]).toBe(100);
  expect(luma[5 * 64 + 20]).toBe(250);
  expect(new Set(chroma?.cb)).toEqual(new Set([128]));
});

test('its noise is as strong as asked, and another in each picture', () => {
  const sensor = sensorOf({ noise: { read: 4, shot: 0, smearPx: 1 } });
  const scene = createComposeCanvas(film);
  scene.luma.fill(100);
  const [a, b] = [sensor.take(scene, 0).luma, sensor.take(scene, 1).luma];
  const deviation = Math.sqrt(mean(a.map((level) => (level - 100) ** 2)));
  expect(deviation).toBeGreaterThan(3.2);
  expect(deviation).toBeLessThan(4.8);
  expect(a).not.toEqual(b);
});

test('exposure that follows the mean reaches its target in steps', () => {
  const sensor = sensorOf({
    autoExposure: {
      target: 120,
      lagS: 0.1,
      everyS: 0.1,
      gain: 0.7,
      smallestStep: 1 / 12,
      largestStep: 0.5,
      tolerance: 0.1,
    },
  });
  const scene = sceneOf(70);
  const means = Array.from({ length: 90 }, (_, index) => mean(sensor.take(scene, index / 30).luma));
  expect(means[0]).toBeLessThan(75);
  expect(Math.abs(means.at(-1)! - 120)).toBeLessThan(8);
  expect(new Set(means).size).toBeGreaterThan(3);
});

test('bands lie across the rows, and across the columns of a turned camera', () => {
  const flicker = { mainsHz: 50, depth: 0.1, wave: 'sine', phase: 0 } as const;
  const scene = createComposeCanvas(film);
  scene.luma.fill(100);
  const spread = (bands: 'rows' | 'columns'): { readonly row: number; readonly column: number } => {
    const settings = { flicker: { ...flicker, bands }, readoutS: 0.02, exposureS: 0.002 };
    const { luma } = sensorOf(settings).take(scene, 0);
    return {
      row: new Set(luma.subarray(0, 64)).size,
      column: new Set(luma.filter((_, p) => p % 64 === 0)).size,
    };
  };
  expect(spread('rows').row).toBe(1);
  expect(spread('rows').column).toBeGreaterThan(8);
  expect(spread('columns').row).toBeGreaterThan(8);
  expect(spread('columns').column).toBe(1);
});

test('a bump lasts, and what is seen then is told for labels too', () => {
  const sensor = sensorOf({ bumps: [{ atS: 1, dx: 2, dy: 0 }] });
  const scene = sceneOf(100);
  const lineAt = (atS: number): number => sensor.take(scene, atS).luma.subarray(0, 64).indexOf(250);
  expect(lineAt(0)).toBe(20);
  // Two pixels of a thumb of 160 are less than one of a film of 64.
  const wide = { width: 320, height: 48, margin: 10 };
  const canvas = createComposeCanvas(wide);
  const plane = new Uint8Array(canvas.width * canvas.height);
  for (let y = 0; y < canvas.height; y += 1) plane[y * canvas.width + 110] = 1;
  const camera = { ...baseCamera(seededRandom(1)), bumps: [{ atS: 1, dx: 2, dy: 0 }] };
  const other = new Sensor(camera, wide, seededRandom(2));
  other.take(canvas, 0);
  expect(other.seenPart(plane).indexOf(1)).toBe(100);
  other.take(canvas, 9);
  expect(other.seenPart(plane).indexOf(1)).toBe(96);
});

test('a frozen camera gives one picture again and again, from then on', () => {
  const sensor = sensorOf({ frozenFromS: 1, noise: { read: 3, shot: 0, smearPx: 0 } });
  const [before, first, later] = [0.9, 1, 5].map((atS) => sensor.take(sceneOf(100), atS));
  expect(before).not.toEqual(first);
  expect(later).toEqual(first);
});

test('lamps step, and a walker’s shade passes', () => {
  const lamps = sensorOf({ lampSteps: [{ atS: 1, factor: 0.8 }] });
  expect(lamps.take(sceneOf(100), 0.5).luma[0]).toBe(100);
  expect(lamps.take(sceneOf(100), 2).luma[0]).toBe(80);
  const shade = { atS: 1, lengthS: 2, depth: 0.3, width: 0.5, towards: 0 };
  const shaded = sensorOf({ shades: [shade] });
  expect(shaded.take(sceneOf(100), 0.5).luma[32]).toBe(100);
  expect(shaded.take(sceneOf(100), 2).luma[32]).toBe(70);
  expect(shaded.take(sceneOf(100), 3.5).luma[32]).toBe(100);
});

test('a fan and a lamp that swings change the light at both sides, from then on and time after time', () => {
  for (const by of ['fan', 'lamp'] as const) {
    const unrest = { fromS: 1, by, depth: 0.5, periodS: 1, towards: 0 };
    const sensor = sensorOf({ unrest });
    const sidesAt = (atS: number): readonly number[] => {
      const { luma } = sensor.take(sceneOf(100), atS);
      return [24 * 64 + 6, 24 * 64 + 58].map((p) => luma[p]!);
    };
    expect(sidesAt(0.9)).toEqual([100, 100]);
    const moments = [0.1, 0.25, 0.5, 0.75].map((share) => sidesAt(1 + share));
    for (const side of [0, 1]) {
      const levels = moments.map((sides) => sides[side]!);
      expect(Math.max(...levels) - Math.min(...levels)).toBeGreaterThan(30);
    }
    expect(sidesAt(4.1)).toEqual(moments[0]);
  }
});

test('a lens that seeks blurs, and is sharp again', () => {
  const sensor = sensorOf({ focusPulses: [{ atS: 1, lengthS: 1, blurPx: 5 }] });
  expect(sensor.take(sceneOf(100), 1.5).luma[20]).toBeLessThan(200);
  expect(sensor.take(sceneOf(100), 2.1).luma[20]).toBe(250);
});

test('JPEG changes a picture a little, and more the lower its quality', () => {
  const scene = sceneOf(100);
  const faultOf = (jpegQuality: number): number => {
    const { luma } = sensorOf({ jpegQuality }).take(scene, 0);
    return mean(luma.map((level, p) => Math.abs(level - (p % 64 === 20 ? 250 : 100))));
  };
  expect(faultOf(40)).toBeGreaterThan(faultOf(90));
  expect(faultOf(40)).toBeLessThan(15);
});

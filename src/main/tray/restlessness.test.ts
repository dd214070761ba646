import { expect, it } from 'vitest';
import { seededRandom } from '../../shared/seeded-random.ts';
import { createRestlessness } from './restlessness.ts';
import type { EvenedPicture } from './restlessness.ts';

const width = 60;
const height = 40;
const block = 10;
const bare = 120;
const frameMs = 40;

/** A part of the picture in pixels. */
interface Part {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

const all: Part = { left: 0, top: 0, right: width, bottom: height };

function watch() {
  const random = seededRandom(3);
  const restlessness = createRestlessness(width, height);
  let nowMs = 0;

  /** Each block of it has another brightness in each picture. */
  function change(picture: Float32Array, { left, top, right, bottom }: Part): void {
    for (let y = top; y < bottom; y += block) {
      for (let x = left; x < right; x += block) {
        const level = bare * (0.7 + 0.6 * random());
        for (let row = y; row < Math.min(bottom, y + block); row++) {
          picture.fill(level, row * width + x, row * width + Math.min(right, x + block));
        }
      }
    }
  }

  /** Shows pictures for so long; whether it is restless at last. */
  function show(
    forMs: number,
    draw: (picture: Float32Array) => void,
    lightOf: (picture: Float32Array) => EvenedPicture['light'] = () => null,
  ): boolean {
    for (const untilMs = nowMs + forMs; nowMs < untilMs; nowMs += frameMs) {
      const picture = new Float32Array(width * height).fill(bare);
      draw(picture);
      restlessness.look({ picture, light: lightOf(picture) }, nowMs);
      restlessness.isSo(nowMs);
    }
    return restlessness.isSo(nowMs);
  }

  return {
    restlessness,
    random,
    show,
    changes: (forMs: number, ...parts: readonly Part[]): boolean =>
      show(forMs, (picture) => parts.forEach((part) => change(picture, part))),
  };
}

it('is said when all of the tray has changed for a few seconds, and taken back after as long', () => {
  const { changes } = watch();
  expect(changes(3000, all)).toBe(false);
  expect(changes(1500, all)).toBe(true);
  expect(changes(2600)).toBe(true);
  expect(changes(800)).toBe(false);
});

it('goes on over the moments in which a lamp that swings turns', () => {
  const { changes } = watch();
  for (let swing = 0; swing < 9; swing++) {
    changes(320, all);
    changes(160);
  }
  expect(changes(frameMs, all)).toBe(true);
});

it('goes on where light and dark take turns, of which nothing else is known', () => {
  const { restlessness } = watch();
  for (let nowMs = 0; nowMs < 3600; nowMs += 200) restlessness.jump(nowMs);
  expect(restlessness.isSo(3600)).toBe(true);
});

it.each<{ what: string; parts: readonly Part[] }>([
  { what: 'an arm that reaches across', parts: [{ ...all, left: 20, right: 40 }] },
  {
    what: 'two arms from one side',
    parts: [
      { left: 0, top: 0, right: 20, bottom: 30 },
      { left: 40, top: 0, right: 60, bottom: 30 },
    ],
  },
  {
    what: 'small things at all sides',
    parts: [
      { left: 0, top: 0, right: 10, bottom: 20 },
      { left: 50, top: 20, right: 60, bottom: 40 },
    ],
  },
])('is not said of $what', ({ parts }) => {
  expect(watch().changes(30_000, ...parts)).toBe(false);
});

it('is not said of hands that come from one side after the other', () => {
  const { changes } = watch();
  const reaches: readonly Part[] = [
    { left: 0, top: 10, right: 40, bottom: 30 },
    { left: 10, top: 0, right: 50, bottom: 20 },
    { left: 20, top: 10, right: 60, bottom: 30 },
    { left: 10, top: 20, right: 50, bottom: 40 },
  ];
  for (let time = 0; time < 30; time++) {
    for (const part of reaches) expect(changes(160, part)).toBe(false);
  }
});

it('is not said of an exposure that hunts', () => {
  const { show, random } = watch();
  const hunts = (picture: Float32Array): void => {
    picture.fill(bare * (0.6 + 0.8 * random()));
  };
  expect(show(30_000, hunts)).toBe(false);
});

it('is not said of light that the fit explains, of a lamp now at this side and now at that', () => {
  const { show, random } = watch();
  let tilt = 0;
  const tilts = (picture: Float32Array): void => {
    tilt = 0.5 * (random() - 0.5);
    for (let p = 0; p < picture.length; p++) {
      picture[p] = bare * (1 + tilt * ((2 * (p % width)) / (width - 1) - 1));
    }
  };
  expect(show(5000, tilts)).toBe(true);
  const fit = () => ({ gain: Float64Array.of(1, tilt, 0, 0, 0, 0), offset: 0 });
  expect(show(30_000, tilts, fit)).toBe(false);
});

it('is not said of noise', () => {
  const { show, random } = watch();
  const rustles = (picture: Float32Array): void => {
    for (let p = 0; p < picture.length; p++) picture[p] = bare * (0.8 + 0.4 * random());
  };
  expect(show(30_000, rustles)).toBe(false);
});

it('begins anew after each rest', () => {
  const { changes } = watch();
  for (let time = 0; time < 4; time++) {
    expect(changes(3000, all)).toBe(false);
    changes(600);
  }
});

it('is forgotten when the camera comes back', () => {
  const { changes, restlessness } = watch();
  expect(changes(5000, all)).toBe(true);
  restlessness.restart();
  expect(changes(frameMs)).toBe(false);
});

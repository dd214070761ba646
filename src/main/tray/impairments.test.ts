import { expect, it } from 'vitest';
import { createImpairments } from './impairments.ts';
import type { PictureState } from './impairments.ts';
import type { TrayEvent } from './tray-event.ts';

const well: PictureState = { mean: 120, noise: 0.8, bandCurve: null };

/** A wave of that height, half of which has passed in each picture. */
const swinging = (depth: number) => (picture: number) => ({
  ...well,
  bandCurve: Array.from(
    { length: 16 },
    (_, line) => depth * Math.sin(line + (picture * 2 * Math.PI) / 3),
  ),
});

function watch() {
  const said: TrayEvent[] = [];
  const impairments = createImpairments((event) => said.push(event));
  let nowMs = 0;
  return {
    impairments,
    show(
      picture: PictureState | ((index: number) => PictureState),
      forMs: number,
      framesPerSecond = 30,
    ): void {
      for (let k = 0; k < (forMs * framesPerSecond) / 1000; k++) {
        nowMs += 1000 / framesPerSecond;
        impairments.look(typeof picture === 'function' ? picture(k) : picture, nowMs);
      }
    },
    reasons: () => said.map((event) => (event.kind === 'impaired' ? event.reasons : [])),
  };
}

it.each([
  { reason: 'flicker', picture: swinging(0.15), framesPerSecond: 30 },
  { reason: 'dim', picture: { ...well, mean: 20, noise: 1.4 }, framesPerSecond: 30 },
  { reason: 'slow', picture: well, framesPerSecond: 7 },
])('says $reason within five seconds, and takes it back', (its) => {
  const { show, reasons } = watch();
  show(well, 2000);
  show(its.picture, 5000, its.framesPerSecond);
  expect(reasons()).toEqual([[its.reason]]);
  show(well, 6000);
  expect(reasons()).toEqual([[its.reason], []]);
});

it.each([
  { what: 'bands as high as they can be undone', picture: swinging(0.12), fps: 30 },
  { what: 'a dark tray in good light', picture: { ...well, mean: 26, noise: 0.4 }, fps: 30 },
  { what: 'ten pictures a second', picture: well, fps: 10 },
])('says nothing of $what', ({ picture, fps }) => {
  const { show, reasons } = watch();
  show(picture, 10_000, fps);
  expect(reasons()).toEqual([]);
});

it('says nothing of what lasts a moment', () => {
  const { show, reasons } = watch();
  show(well, 2000);
  show({ ...well, mean: 20, noise: 1.4 }, 1000);
  show(well, 5000);
  expect(reasons()).toEqual([]);
});

it('does not take the time without a camera for slowness', () => {
  const { show, impairments, reasons } = watch();
  show(well, 2000);
  impairments.restart();
  show(well, 100, 10);
  show(well, 5000);
  expect(reasons()).toEqual([]);
});

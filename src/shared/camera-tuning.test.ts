import { describe, expect, it } from 'vitest';
import { exposureText, flickerFreeExposure, onStep } from './camera-tuning.ts';

const webcam = { min: 3, max: 2047, step: 1 };

describe('flickerFreeExposure', () => {
  it.each([
    [50, 230, 200, 'two flickers of 10 ms'],
    [50, 260, 300, 'the nearer of two, as light counts'],
    [50, 100, 100, 'what is right already'],
    [50, 70, 100, 'the shortest, from a little below it'],
    [60, 230, 250, 'three flickers of 8.3 ms'],
    [60, 156, 167, 'two'],
    [60, 90, 83, 'one'],
    [60, 330, 333, 'four: as long as a picture lasts'],
    [50, 400, 400, 'as long as a camera takes that is slow already'],
    [50, 1500, 1000, 'no longer than the tray’s 10 pictures a second allow'],
    [50, 3000, null, 'and none where that is far too short'],
  ] as const)('%s Hz, %s found: %s, %s', (mainsHz, wanted, expected, _why) => {
    expect(flickerFreeExposure(wanted, mainsHz, webcam)).toBe(expected);
  });

  it('has none for a light so bright that the picture would be another one', () => {
    expect(flickerFreeExposure(60, 50, webcam)).toBeNull();
    expect(flickerFreeExposure(3, 60, webcam)).toBeNull();
  });

  it('keeps to what the camera can do', () => {
    expect(flickerFreeExposure(100, 50, { min: 3, max: 80, step: 1 })).toBeNull();
    expect(flickerFreeExposure(180, 50, { min: 3, max: 150, step: 1 })).toBeNull();
    expect(flickerFreeExposure(140, 50, { min: 3, max: 150, step: 1 })).toBe(100);
    expect(flickerFreeExposure(90, 50, { min: 156, max: 5000, step: 1 })).toBeNull();
  });
});

describe('onStep', () => {
  it.each([
    [4123, { min: 2800, max: 6500, step: 10 }, 4120],
    [9000, { min: 2800, max: 6500, step: 10 }, 6500],
    [1, { min: 2800, max: 6500, step: 10 }, 2800],
    [201, { min: 1, max: 5000, step: 4 }, 201],
    [202, { min: 1, max: 5000, step: 0 }, 202],
  ])('%s in %o is %s', (value, range, expected) => {
    expect(onStep(value, range)).toBe(expected);
  });
});

it('an exposure is told in milliseconds', () => {
  expect([exposureText(200), exposureText(83), exposureText(3)]).toEqual([
    '20 ms',
    '8.3 ms',
    '0.3 ms',
  ]);
});

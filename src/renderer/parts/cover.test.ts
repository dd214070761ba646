import { describe, expect, it } from 'vitest';
import { placeInCover } from './cover.ts';

const picture = { width: 640, height: 480 };

describe('a region in a covering picture', () => {
  it('stays where it is when the shapes agree', () => {
    const region = { left: 0.25, top: 0.5, width: 0.5, height: 0.25 };
    expect(placeInCover(region, picture, { width: 320, height: 240 })).toEqual(region);
  });

  it('moves with the crop at top and bottom of a flat box', () => {
    // 640x480 over 640x240: half the height is shown, from a quarter to three quarters.
    const middle = { left: 0, top: 0.25, width: 1, height: 0.5 };
    expect(placeInCover(middle, picture, { width: 640, height: 240 })).toEqual({
      left: 0,
      top: 0,
      width: 1,
      height: 1,
    });
  });

  it('moves with the crop at the sides of a tall box', () => {
    // 640x480 over 320x480: the middle half of the width is shown.
    const centre = { left: 0.375, top: 0, width: 0.25, height: 1 };
    expect(placeInCover(centre, picture, { width: 320, height: 480 })).toEqual({
      left: 0.25,
      top: 0,
      width: 0.5,
      height: 1,
    });
  });

  it('is cut at the edge, and gone beyond it', () => {
    const box = { width: 640, height: 240 };
    const half = placeInCover({ left: 0, top: 0, width: 0.5, height: 0.5 }, picture, box);
    expect(half).toEqual({ left: 0, top: 0, width: 0.5, height: 0.5 });
    expect(placeInCover({ left: 0, top: 0, width: 1, height: 0.2 }, picture, box)).toBeNull();
  });

  it('is nowhere in a box without a size', () => {
    const whole = { left: 0, top: 0, width: 1, height: 1 };
    expect(placeInCover(whole, picture, { width: 0, height: 0 })).toBeNull();
  });
});

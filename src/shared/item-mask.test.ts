import { describe, expect, it } from 'vitest';
import { grown, paintRoundItem, placeOf, sameItem } from './item-mask.ts';
import type { ItemMask } from './item-mask.ts';

/** A picture drawn in characters, `#` for the item's own pixels. */
function drawn(...rows: readonly string[]): ItemMask {
  const own = Uint8Array.from(rows.join(''), (sign) => (sign === '#' ? 1 : 0));
  return { width: rows[0]?.length ?? 0, height: rows.length, own };
}

function rowsOf({ width, own }: ItemMask): string[] {
  const signs = Array.from(own, (one) => (one === 1 ? '#' : '.')).join('');
  return signs.match(new RegExp(`.{${width}}`, 'g')) ?? [];
}

const whole = { left: 0, top: 0, width: 1, height: 1 };

describe('the same item', () => {
  it('is what two masks share of all that they have', () => {
    expect(sameItem(drawn('##', '#.'), drawn('##', '.#'))).toBe(0.5);
    expect(sameItem(drawn('##'), drawn('##'))).toBe(1);
    expect(sameItem(drawn('..'), drawn('..'))).toBe(1);
  });

  it('is not told from masks of other sizes, nor from one alone', () => {
    expect(sameItem(drawn('##'), drawn('#', '#'))).toBe(0);
    expect(sameItem(drawn('##'), undefined)).toBe(0);
    expect(sameItem(undefined, undefined)).toBe(1);
  });
});

describe('grown', () => {
  it('adds what touches, corners included, and stays within the view', () => {
    expect(rowsOf(grown(drawn('....', '.#..', '....', '....')))).toEqual([
      '###.',
      '###.',
      '###.',
      '....',
    ]);
    expect(rowsOf(grown(drawn('...#', '....', '#...')))).toEqual(['..##', '####', '##..']);
  });

  it('leaves the mask that it is given', () => {
    const mask = drawn('#..');
    grown(mask);
    expect(rowsOf(mask)).toEqual(['#..']);
  });
});

/** Four pixels to each of the mask's: the item red, what it lies on beige, what lies beside it blue. */
function picture(...rows: readonly string[]): { rgba: Uint8ClampedArray; width: number } {
  const colours: Readonly<Record<string, readonly number[]>> = {
    r: [200, 20, 30, 255],
    '.': [230, 220, 200, 255],
    b: [10, 40, 220, 255],
  };
  const wide = rows.flatMap((row) => {
    const line = [...row].flatMap((sign) => [sign, sign, sign, sign]);
    return [line, line, line, line];
  });
  return {
    rgba: Uint8ClampedArray.from(wide.flat().flatMap((sign) => colours[sign] ?? [])),
    width: wide[0]?.length ?? 0,
  };
}

describe('paintRoundItem', () => {
  const mask = drawn('......', '.###..', '.###..', '.###..', '......');
  const seen = ['....bb', '....bb', '..r..b', '.....b', '......'];

  it('keeps the item and covers what lies beside it with what it lies on', () => {
    const { rgba, width } = picture(...seen);
    const at = (x: number, y: number): number[] => {
      const pixel = ((y * 4 + 2) * width + x * 4 + 2) * 4;
      return [...rgba.slice(pixel, pixel + 4)];
    };
    paintRoundItem(rgba, width, whole, mask);
    expect(at(2, 2)).toEqual([200, 20, 30, 255]);
    for (const [x, y] of [
      [0, 0],
      [5, 0],
      [5, 2],
      [5, 3],
    ] as const) {
      expect(at(x, y)).toEqual([230, 220, 200, 255]);
    }
  });

  it('looks in the part of the view that the picture shows', () => {
    const { rgba, width } = picture('r..', '..b', '..b');
    const part = { left: 2 / 6, top: 2 / 5, width: 3 / 6, height: 3 / 5 };
    paintRoundItem(rgba, width, part, mask);
    expect([...rgba.slice(0, 3)]).toEqual([200, 20, 30]);
    expect([...rgba.slice(-4, -1)]).toEqual([230, 220, 200]);
  });

  it('fades out what touches the item', () => {
    const { rgba, width } = picture('......', '......', '..r.b.', '......', '......');
    paintRoundItem(rgba, width, whole, mask);
    const reds = [16, 17, 18, 19].map((x) => rgba[(10 * width + x) * 4]!);
    expect(reds[0]).toBeGreaterThan(100);
    expect(reds[1]).toBeGreaterThan(reds[0]! + 30);
    expect(reds.slice(2)).toEqual([230, 230]);
  });

  it('paints a picture grey in which nothing is the item', () => {
    const { rgba, width } = picture('bb', 'rb');
    paintRoundItem(rgba, width, whole, drawn('..', '..'));
    expect([...new Set(rgba)]).toEqual([127, 255]);
  });
});

it('placeOf says where alone', () => {
  expect(placeOf({ ...whole, mask: drawn('#') } as typeof whole)).toEqual(whole);
});

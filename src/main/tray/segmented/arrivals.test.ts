import { expect, test } from 'vitest';
import { changeClasses } from '../segmenter/segmentation.ts';
import type { ChangeClass, Segmentation } from '../segmenter/segmentation.ts';
import { createArrivals } from './arrivals.ts';
import { maskOf } from './mask.ts';

const size = { width: 10, height: 1 };
const whole = maskOf(new Uint8Array(10).fill(1), size)!;

/** A letter a pixel: s for the same, a for added, p for a person. */
function segmentation(pixels: string): Segmentation {
  const shares = (name: ChangeClass): Uint8Array =>
    Uint8Array.from(pixels, (letter) => (name.startsWith(letter) ? 255 : 0));
  const planes = Object.fromEntries(changeClasses.map((name) => [name, shares(name)]));
  return { ...size, ...(planes as Record<ChangeClass, Uint8Array>) };
}

function show(...pictures: readonly string[]) {
  const arrivals = createArrivals(size);
  pictures.forEach((pixels, index) => arrivals.note(segmentation(pixels), 100 * index));
  return arrivals;
}

test('what comes from one picture to the next comes at once', () => {
  expect(show('ssssssssss', 'aaaaaaaaas', 'aaaaaaaaaa').atOnce(whole)).toBe(0.9);
});

test('what comes bit by bit, or from under a hand, does not', () => {
  expect(show('ssssssssss', 'aaasssssss', 'aaaaaassss', 'aaaaaaaaaa').atOnce(whole)).toBe(0.4);
  expect(show('ssssssssss', 'pppppppppp', 'aaaaaaaaaa').atOnce(whole)).toBe(0);
});

test('what goes and comes again is new', () => {
  expect(show('ssssssssss', 'aaaaasssss', 'ssssssssss', 'sssssaaaaa').atOnce(whole)).toBe(0.5);
});

test('says how much of it was under a hand, and not what was so before', () => {
  const arrivals = show('pppsssssss', 'sssspppppp', 'aaaaaaaaaa');
  expect(arrivals.underPerson(whole, 50)).toBe(0.6);
  expect(arrivals.underPerson(whole, -1)).toBe(0.9);
  expect(arrivals.underPerson(whole, 200)).toBe(0);
});

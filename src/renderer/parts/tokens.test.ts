// oxlint-disable-next-line no-restricted-imports -- vitest empties imported style sheets
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');

function colours(selector: string): ReadonlyMap<string, string> {
  const start = css.indexOf(`${selector} {`);
  if (start < 0) throw new Error(`no ${selector}`);
  const block = css.slice(start, css.indexOf('}', start));
  return new Map([...block.matchAll(/--([\w-]+): (#[0-9a-f]{6})/g)].map((m) => [m[1]!, m[2]!]));
}

const usual = colours(':root');
const strong = new Map([...usual, ...colours(':root[data-high-contrast]')]);

/** WCAG 2: relative luminance of an sRGB colour. */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(theme: ReadonlyMap<string, string>, one: string, other: string): number {
  const [light = 0, dark = 0] = [one, other]
    .map((name) => {
      const hex = theme.get(name);
      if (hex === undefined) throw new Error(`no colour ${name}`);
      return luminance(hex);
    })
    .sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

const texts = [
  ['ink', 'paper'],
  ['ink', 'card'],
  ['ink', 'leaf-tint'],
  ['ink', 'sun'],
  ['ink', 'sun-tint'],
  ['ink-2', 'paper'],
  ['ink-2', 'card'],
  ['ink-2', 'leaf-tint'],
  ['on-leaf', 'leaf'],
  ['on-deep', 'leaf-deep'],
  ['on-deep', 'deep-key'],
  ['on-deep-2', 'leaf-deep'],
  ['leaf-deep', 'leaf-tint'],
] as const;

const edges = [
  ['key-line', 'paper'],
  ['key-line', 'card'],
  ['deep-key-line', 'leaf-deep'],
  ['ring', 'paper'],
  ['ring', 'card'],
  ['leaf', 'paper'],
  ['clay', 'paper'],
] as const;

describe('the colours', () => {
  it.each(texts)('of text: %s on %s is 4.5:1', (ink, ground) => {
    expect(contrast(usual, ink, ground)).toBeGreaterThanOrEqual(4.5);
  });

  it.each(edges)('of edges: %s on %s is 3:1', (edge, ground) => {
    expect(contrast(usual, edge, ground)).toBeGreaterThanOrEqual(3);
  });

  it.each(texts)('in high contrast: %s on %s is 7:1', (ink, ground) => {
    expect(contrast(strong, ink, ground)).toBeGreaterThanOrEqual(7);
  });
});

import { readFileSync } from 'node:fs';

import { expect, test } from 'vitest';

import { defaultModelDir } from '../process/model-dir.ts';
import { cosine, headingOf } from '../training/heading.ts';
import { loadBackbone } from './backbone.ts';
import { decodePicture, plainView } from './picture.ts';

const sample = (name: string): Buffer =>
  readFileSync(new URL(`../testing/backbone-sample/${name}`, import.meta.url));

test('sees in a picture what the network saw where it was trained', async () => {
  const { backboneId, tolerance, heading } = JSON.parse(sample('pytorch.json').toString()) as {
    backboneId: string;
    /** Between unit vectors. */
    tolerance: number;
    heading: number[];
  };
  const backbone = await loadBackbone({ modelDir: defaultModelDir(import.meta.url), threads: 1 });
  try {
    expect(backbone.id).toBe(backboneId);
    const picture = await decodePicture(sample('picture.png'));
    const [features] = await backbone.features(picture, [plainView]);
    const seen = headingOf(features!);
    const distance = Math.hypot(...seen.map((one, index) => one - heading[index]!));
    expect(distance).toBeLessThan(tolerance);
    const [mirrored] = await backbone.features(picture, [{ flip: true }]);
    expect(cosine(headingOf(mirrored!), seen)).toBeLessThan(1 - tolerance ** 2);
  } finally {
    await backbone.close();
  }
});

import { readFileSync } from 'node:fs';

import { expect, test } from 'vitest';

import { defaultModelDir } from '../process/model-dir.ts';
import { cosine, embeddingOf } from '../training/embedding.ts';
import { loadBackbone } from './backbone.ts';
import { decodePicture, plainView } from './picture.ts';

const sample = (name: string): Buffer =>
  readFileSync(new URL(`../testing/backbone-sample/${name}`, import.meta.url));

test('sees in a picture what the network saw where it was trained', async () => {
  const {
    backboneId,
    tolerance,
    heading: embedding,
  } = JSON.parse(sample('pytorch.json').toString()) as {
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
    const seen = embeddingOf(features!);
    const distance = Math.hypot(...seen.map((one, index) => one - embedding[index]!));
    expect(distance).toBeLessThan(tolerance);
    const [mirrored] = await backbone.features(picture, [{ flip: true }]);
    expect(cosine(embeddingOf(mirrored!), seen)).toBeLessThan(1 - tolerance ** 2);
  } finally {
    await backbone.close();
  }
});

import { InferenceSession, Tensor } from 'onnxruntime-node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { loadBackbone, readBackbone } from '../model/backbone.ts';
import type { Backbone } from '../model/backbone.ts';
import { decodePicture, drawView, plainView } from '../model/picture.ts';
import { defaultModelDir } from '../process/model-dir.ts';
import { drawPhoto } from '../testing/drawn-photos.ts';
import type { DrawnThing } from '../testing/drawn-photos.ts';
import { fitHead } from '../training/fit-head.ts';
import { fitMultilabelHead } from '../training/fit-multilabel-head.ts';
import { readHead, writeHead } from '../training/head-file.ts';
import { classify } from '../training/head.ts';
import type { Head, MulticlassHead } from '../training/head.ts';
import { matrixOf, rowOf } from '../model/matrix.ts';
import { classifierModel } from './classifier-model.ts';

const modelDir = defaultModelDir(import.meta.url);
const things: readonly DrawnThing[] = ['tomato', 'carton', 'banana', 'star'];
let backbone: Backbone;
let views: { readonly label: number; readonly views: Float32Array[] }[];

beforeAll(async () => {
  backbone = await loadBackbone({ modelDir, threads: 1 });
  views = [];
  for (const [label, thing] of things.entries()) {
    for (let seed = 1; seed <= 5 + label; seed += 1) {
      const image = await decodePicture(drawPhoto(thing, seed));
      views.push({ label, views: await backbone.features(image, [plainView, { flip: true }]) });
    }
  }
});
afterAll(() => backbone.close());

const task = () => ({
  backboneId: backbone.id,
  featureCount: backbone.featureCount,
  tags: things.map((name) => ({
    id: name,
    name,
    type: name === 'star' ? ('Negative' as const) : ('Regular' as const),
  })),
});

/** As a trained one is kept. */
const kept = (head: Head): Head => readHead(writeHead(head), backbone.id);

async function bothOf(given: Head, photos: readonly Buffer[]) {
  const file = await readBackbone(modelDir);
  const { chunks } = classifierModel(file, given);
  const { width, height } = file.description.input;
  const session = await InferenceSession.create(Buffer.concat(chunks));
  const pixels = new Float32Array(photos.length * 3 * width * height);
  const engine: number[][] = [];
  for (const [index, photo] of photos.entries()) {
    const image = await decodePicture(photo);
    const rgba = drawView(image, plainView, width, height);
    for (let at = 0; at < width * height * 3; at += 1) {
      const channel = Math.floor(at / (width * height));
      pixels[index * 3 * width * height + at] = rgba[(at % (width * height)) * 4 + channel]!;
    }
    const [features] = await backbone.features(image, [plainView]);
    const ranked = classify(given, features!);
    engine.push(given.tags.map(({ id }) => ranked.find(({ tag }) => tag.id === id)!.probability));
  }
  const { probabilities } = await session.run({
    image: new Tensor('float32', pixels, [photos.length, 3, height, width]),
  });
  await session.release();
  const values = [...(probabilities!.data as Float32Array)];
  const exported = photos.map((_, index) =>
    values.slice(index * given.tags.length, (index + 1) * given.tags.length),
  );
  return { engine, exported };
}

function furthest(a: readonly number[][], b: readonly number[][]): number {
  return Math.max(
    ...a.flatMap((row, index) => row.map((one, at) => Math.abs(one - b[index]![at]!))),
  );
}

const unseen = () =>
  things.flatMap((thing) => [drawPhoto(thing, 500), drawPhoto(thing, 501, 200, 330)]);

describe('the exported model gives the probabilities of the engine', () => {
  test('where tags exclude one another, for many pictures at once', async () => {
    const head = kept(fitHead({ ...task(), photos: views }).head);
    const { engine, exported } = await bothOf(head, unseen());
    expect(furthest(engine, exported)).toBeLessThan(1e-3);
    expect(engine[0]![0]).toBeGreaterThan(0.5);
  });

  test('where each tag is there or not', async () => {
    const photos = views.map(({ label, ...photo }) => ({ ...photo, labels: [label] }));
    const head = kept(fitMultilabelHead({ ...task(), photos }).head);
    const { engine, exported } = await bothOf(head, unseen());
    expect(furthest(engine, exported)).toBeLessThan(1e-3);
    expect(engine[0]![0]).toBeGreaterThan(0.5);
  });

  test('where nothing was taught of a tag', async () => {
    const { head } = fitHead({ ...task(), photos: views });
    const { engine, exported } = await bothOf(kept(withoutTomatoes(head)), unseen());
    expect(furthest(engine, exported)).toBeLessThan(1e-3);
    expect(engine[0]![0]).toBeLessThan(0.5);
  });
});

function withoutTomatoes(head: MulticlassHead): MulticlassHead {
  const others = head.prototypeTags.flatMap((tag, place) => (tag === 0 ? [] : [place]));
  return {
    ...head,
    prototypes: matrixOf(
      others.map((place) => rowOf(head.prototypes, place)),
      head.prototypes.columns,
    ),
    prototypeTags: others.map((place) => head.prototypeTags[place]!),
  };
}

test('a damaged backbone is not built on', async () => {
  const file = await readBackbone(modelDir);
  const bytes = file.bytes.subarray(0, 5_000);
  const { head } = fitHead({ ...task(), photos: views });
  expect(() => classifierModel({ ...file, bytes }, head)).toThrow(/ends before/);
});

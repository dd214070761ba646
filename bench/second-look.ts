import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import type { Image } from '@napi-rs/canvas';
import { loadBackbone } from '../src/engine/model/backbone.ts';
import type { Backbone } from '../src/engine/model/backbone.ts';
import { defaultModelDir } from '../src/engine/process/model-dir.ts';
import { decodePicture, plainView } from '../src/engine/model/picture.ts';
import { fitHead } from '../src/engine/training/fit-head.ts';
import { classify } from '../src/engine/training/head.ts';
import type { Head } from '../src/engine/training/head.ts';
import { embeddingOf } from '../src/engine/training/embedding.ts';
import { viewsToTrain } from '../src/engine/training/augmentation.ts';
import { compareLooks, cosine, shareOf } from '../src/main/lane/compare-looks.ts';
import type { Comparison, Seen } from '../src/main/lane/compare-looks.ts';
import { decide } from '../src/main/recognition/decide.ts';
import { defaultThresholds } from '../src/main/settings/recognition-settings.ts';
import type { Catalogue } from '../src/shared/catalogue.ts';
import { seededRandom } from '../src/shared/seeded-random.ts';
import { figure, percentile } from './figure.ts';
import type { Figure } from './figure.ts';

const data = fileURLToPath(new URL('../../shared/data/', import.meta.url));
/** Looks at a thing after the first, each turned and shifted otherwise. */
const looksAgain = 6;
/** A crop's side in pixels, as a tray's camera of 640 has it. */
const sidePx = 180;
/** The table is grey; fruit is not. */
const colourful = 60;

/** A photo of one thing, with the square about it. */
interface Photo {
  readonly product: string;
  readonly image: Image;
  readonly left: number;
  readonly top: number;
  readonly side: number;
}

/** One thing as it was seen first, and again and again. */
interface Thing {
  readonly product: string;
  readonly first: Seen;
  readonly again: readonly Seen[];
}

/**
 * Whether `compareLooks` takes a thing that was pushed, turned or shaded for the same, and another
 * product in its place for another: fruit on a table, turned all round, and groceries, turned a
 * little; each by heads that were not taught these photos. Both ways of comparing, and what they go by.
 */
export async function benchSecondLook(): Promise<readonly Figure[]> {
  if (!existsSync(join(data, 'fruit-lab')) || !existsSync(join(data, 'grocery'))) {
    process.stderr.write(`Skipped second-look: no photos in ${data}\n`);
    return [];
  }
  const backbone = await loadBackbone({ modelDir: defaultModelDir(import.meta.url), threads: 2 });
  try {
    return [
      ...figuresOf('fruit', await fruit(backbone)),
      ...figuresOf('groceries', await groceries(backbone)),
    ];
  } finally {
    await backbone.close();
  }
}

/** Each half of the lab's photos by a head that was taught the other. */
async function fruit(backbone: Backbone): Promise<readonly Thing[]> {
  const photos = await Promise.all(
    ['train', 'more']
      .flatMap((part) => filesIn(join(data, 'fruit-lab', part)))
      .map(async ({ product, file }) => ({ product, ...aboutTheColour(await loadImage(file)) })),
  );
  const halves = [0, 1].map((half) => photos.filter((_, index) => index % 2 === half));
  const things: Thing[] = [];
  for (const [half, seen] of halves.entries()) {
    const taught = (halves[1 - half] ?? []).map((photo) => ({
      product: photo.product,
      jpeg: shoot(photo),
    }));
    things.push(...(await look(backbone, await headOf(backbone, taught), seen, Math.PI)));
  }
  return things;
}

/** A shop's 24 products, taught with 16 photos each, on photos of a second visit. */
async function groceries(backbone: Backbone): Promise<readonly Thing[]> {
  const folder = join(data, 'grocery');
  const fewShot = JSON.parse(await readFile(join(folder, 'few-shot.json'), 'utf8')) as Record<
    string,
    readonly string[]
  >;
  const taught = await Promise.all(
    Object.entries(fewShot).flatMap(([product, names]) =>
      names.map(async (name) => ({
        product,
        jpeg: await readFile(join(folder, 'train', product, name)),
      })),
    ),
  );
  const files = filesIn(join(folder, 'check')).filter(({ product }) => product in fewShot);
  const seen = await Promise.all(
    files.map(async ({ product, file }) => ({ product, ...inTheMiddle(await loadImage(file)) })),
  );
  return look(backbone, await headOf(backbone, taught), seen, Math.PI / 9);
}

function filesIn(folder: string): readonly { product: string; file: string }[] {
  return readdirSync(folder).flatMap((product) =>
    readdirSync(join(folder, product)).map((name) => ({
      product,
      file: join(folder, product, name),
    })),
  );
}

async function headOf(
  backbone: Backbone,
  taught: readonly { readonly product: string; readonly jpeg: Buffer }[],
): Promise<Head> {
  const names = [...new Set(taught.map(({ product }) => product))].toSorted();
  const views = viewsToTrain(taught.length, 'Regular');
  const photos = [];
  for (const { product, jpeg } of taught) {
    const image = await decodePicture(jpeg);
    photos.push({ label: names.indexOf(product), views: await backbone.features(image, views) });
  }
  return fitHead({
    backboneId: backbone.id,
    featureCount: backbone.featureCount,
    tags: names.map((name) => ({ id: name, name, type: 'Regular' })),
    photos,
  }).head;
}

async function look(
  backbone: Backbone,
  head: Head,
  photos: readonly Photo[],
  mostTurned: number,
): Promise<readonly Thing[]> {
  const random = seededRandom(7);
  const catalogue = catalogueOf(head);
  const upTo = (most: number): number => (random() * 2 - 1) * most;
  const see = async (jpeg: Buffer): Promise<Seen> => {
    const [features] = await backbone.features(await decodePicture(jpeg), [plainView]);
    if (features === undefined) throw new Error('The backbone gave nothing.');
    const predictions = classify(head, features).map(({ tag, probability }) => ({
      tagId: tag.id,
      tagName: tag.name,
      tagType: tag.type,
      probability,
    }));
    return {
      recognised: {
        kind: 'recognised',
        predictions,
        embedding: embeddingOf(features),
        tookMs: 0,
        via: 'first',
      },
      decision: decide(predictions, catalogue, defaultThresholds),
    };
  };
  const things: Thing[] = [];
  for (const photo of photos) {
    const again: Seen[] = [];
    for (let time = 0; time < looksAgain; time += 1) {
      const shot = shoot(photo, {
        right: upTo(0.06),
        down: upTo(0.06),
        turned: upTo(mostTurned),
        size: 1 + upTo(0.1),
        light: 1 + upTo(0.2),
        blurPx: random(),
      });
      again.push(await see(shot));
    }
    things.push({ product: photo.product, first: await see(shoot(photo)), again });
  }
  return things;
}

function catalogueOf(head: Head): Catalogue {
  return {
    currency: 'EUR',
    products: head.tags.map(({ name }) => ({
      id: name,
      tag: name,
      organic: false,
      names: { en: name, de: name },
      group: 'other',
      price: { kind: 'piece', priceMinor: 100 },
      taxBasisPoints: 0,
      depositMinor: 0,
      plu: null,
      picture: null,
    })),
  };
}

/** The square about what is colourful, with the margin that the tray's crops have. */
function aboutTheColour(image: Image): Omit<Photo, 'product'> {
  const { width, height } = image;
  const context = createCanvas(width, height).getContext('2d');
  context.drawImage(image, 0, 0);
  const pixels = context.getImageData(0, 0, width, height).data;
  let [left, top, right, bottom] = [width, height, 0, 0];
  for (let index = 0; index < width * height; index += 1) {
    const rgb = [...pixels.subarray(index * 4, index * 4 + 3)];
    if (Math.max(...rgb) - Math.min(...rgb) <= colourful) continue;
    const [x, y] = [index % width, Math.floor(index / width)];
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  const side = Math.max(right - left, bottom - top) * 1.16;
  return { image, left: (left + right - side) / 2, top: (top + bottom - side) / 2, side };
}

/** What the turned corners would lack is left out from the start. */
function inTheMiddle(image: Image): Omit<Photo, 'product'> {
  const side = Math.min(image.width, image.height) * 0.75;
  return { image, left: (image.width - side) / 2, top: (image.height - side) / 2, side };
}

interface Change {
  /** Parts of the side. */
  readonly right: number;
  readonly down: number;
  /** Radians. */
  readonly turned: number;
  readonly size: number;
  readonly light: number;
  readonly blurPx: number;
}

const unchanged: Change = { right: 0, down: 0, turned: 0, size: 1, light: 1, blurPx: 0 };

function shoot({ image, left, top, side }: Photo, change: Change = unchanged): Buffer {
  const canvas = createCanvas(sidePx, sidePx);
  const context = canvas.getContext('2d');
  context.imageSmoothingQuality = 'high';
  context.filter = `brightness(${change.light}) blur(${change.blurPx}px)`;
  context.translate(sidePx / 2, sidePx / 2);
  context.scale((sidePx / side) * change.size, (sidePx / side) * change.size);
  context.rotate(change.turned);
  context.translate(-left - side / 2 - change.right * side, -top - side / 2 - change.down * side);
  context.drawImage(image, 0, 0);
  return canvas.toBuffer('image/jpeg', 88);
}

function figuresOf(of: string, things: readonly Thing[]): readonly Figure[] {
  const same = things.flatMap(({ first, again }) =>
    again.map((second) => [first, second] as const),
  );
  const swapped = things.flatMap(({ product, first }) =>
    things
      .filter((other) => other.product !== product)
      .flatMap(({ again }) => again.map((second) => [first, second] as const)),
  );
  return (['embeddings', 'lists'] as const).flatMap((by) => {
    const measure = by === 'embeddings' ? cosineOf : sharedOf;
    const name = `second look, ${of} by ${by}`;
    const noteSame = `${same.length} pairs: the same thing pushed and turned`;
    const noteSwap = `${swapped.length} pairs: another product in its place`;
    const share = (pairs: readonly Pair[], comparison: Comparison): number =>
      (pairs.filter((pair) => compare(pair, by) === comparison).length / pairs.length) * 100;
    const at = (pairs: readonly Pair[], part: number): number =>
      percentile(
        pairs.map(([first, second]) => measure(first, second)),
        part,
      );
    return [
      figure(`${name}: same taken for the same`, share(same, 'same'), '%', noteSame),
      figure(`${name}: same asked about`, share(same, 'unclear'), '%', noteSame),
      figure(`${name}: same sold again`, share(same, 'another'), '%', noteSame),
      figure(`${name}: swap taken for the same`, share(swapped, 'same'), '%', noteSwap),
      figure(`${name}: swap asked about`, share(swapped, 'unclear'), '%', noteSwap),
      figure(`${name}: swap sold as another`, share(swapped, 'another'), '%', noteSwap),
      ...[0.001, 0.01, 0.05, 0.5].map((part) =>
        figure(`${name}: same p${part * 100}`, at(same, part), 'ratio', noteSame),
      ),
      ...[0.5, 0.95, 0.99, 0.999].map((part) =>
        figure(`${name}: swap p${part * 100}`, at(swapped, part), 'ratio', noteSwap),
      ),
    ];
  });
}

type Pair = readonly [first: Seen, second: Seen];

function compare([first, second]: Pair, by: 'embeddings' | 'lists'): Comparison {
  const known = ({ recognised: { embedding, ...recognised }, decision }: Seen) => ({
    seen: {
      recognised:
        by === 'lists' || embedding === undefined ? recognised : { ...recognised, embedding },
      decision,
    },
    weightGrams: null,
  });
  return compareLooks(known(first), known(second));
}

function cosineOf(first: Seen, second: Seen): number {
  const none = new Float32Array();
  return cosine(first.recognised.embedding ?? none, second.recognised.embedding ?? none);
}

function sharedOf(first: Seen, second: Seen): number {
  return shareOf(first.recognised.predictions, second.recognised.predictions);
}

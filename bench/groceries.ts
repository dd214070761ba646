import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Papa from 'papaparse';
import { loadBackbone } from '../src/engine/model/backbone.ts';
import type { Backbone } from '../src/engine/model/backbone.ts';
import { defaultModelDir } from '../src/engine/process/model-dir.ts';
import { decodePicture, plainView } from '../src/engine/model/picture.ts';
import type { View } from '../src/engine/model/picture.ts';
import { fitHead } from '../src/engine/training/fit-head.ts';
import { probabilitiesOf } from '../src/engine/training/head.ts';
import type { Head } from '../src/engine/training/head.ts';
import { viewsToTrain } from '../src/engine/training/augmentation.ts';
import { seededRandom } from '../src/shared/seeded-random.ts';
import { figure } from './figure.ts';
import type { Figure } from './figure.ts';

const data = fileURLToPath(new URL('../../shared/data/grocery/', import.meta.url));
const top = 4;
/** Photos of each product, as a shop teaches it. */
const fewCounts = [5, 16];
const twoLooks: readonly View[] = [plainView, { flip: true }];
/** One drawing says little: the best and the worst of these are 15 points apart. */
const drawings = 24;
/** Of the known photos, where strangers are counted. */
const accepted = 0.95;

interface PhotoFile {
  readonly product: string;
  readonly file: string;
}

interface Photo {
  readonly product: string;
  readonly views: readonly Float32Array[];
}

interface Lesson {
  readonly names: readonly string[];
  readonly head: Head;
}

/**
 * The photos of groceries through the engine's own decoding, backbone and head, without HTTP: all
 * products, their coarse classes, a shop's few photos, and strangers. Of new products it says
 * something only where the backbone was trained without them; `FRESHLANE_BENCH_MODELS` names the
 * folder of another one.
 */
export async function benchGroceries(): Promise<readonly Figure[]> {
  if (!existsSync(join(data, 'few-shot.json'))) {
    process.stderr.write(`Skipped groceries: no photos in ${data}\n`);
    return [];
  }
  const modelDir = process.env['FRESHLANE_BENCH_MODELS'] ?? defaultModelDir(import.meta.url);
  const backbone = await loadBackbone({ modelDir, threads: 2 });
  try {
    const trainFiles = filesOf('train');
    const train = await photosOf(trainFiles, backbone, viewsOf(trainFiles));
    const check = await photosOf(filesOf('check'), backbone, twoLooks);
    const coarse = await coarseClasses();
    const fewShot = JSON.parse(await readFile(join(data, 'few-shot.json'), 'utf8')) as Record<
      string,
      string[]
    >;
    const few = (count: number): Promise<Photo[]> => {
      const files = Object.entries(fewShot).flatMap(([product, names]) =>
        names
          .slice(0, count)
          .map((name) => ({ product, file: join(data, 'train', product, name) })),
      );
      return photosOf(files, backbone, viewsOf(files));
    };
    const shops = await Promise.all(
      fewCounts.map(async (count) => ({ count, photos: await few(count) })),
    );
    return [
      ...allProducts(backbone, train, check, coarse),
      ...shops.flatMap(({ count, photos }) => fewPhotos(backbone, photos, check, count)),
      ...shops.flatMap(({ count, photos }) => strangers(backbone, photos, check, count)),
    ];
  } finally {
    await backbone.close();
  }
}

function filesOf(part: 'train' | 'check'): PhotoFile[] {
  const folder = join(data, part);
  return readdirSync(folder).flatMap((product) =>
    readdirSync(join(folder, product)).map((name) => ({
      product,
      file: join(folder, product, name),
    })),
  );
}

/** As the engine looks at so many photos that it is taught. */
function viewsOf(files: readonly PhotoFile[]): readonly View[] {
  return viewsToTrain(files.length, 'Regular');
}

async function photosOf(
  files: readonly PhotoFile[],
  backbone: Backbone,
  views: readonly View[],
): Promise<Photo[]> {
  const photos: Photo[] = [];
  for (const { product, file } of files) {
    const image = await decodePicture(await readFile(file));
    photos.push({ product, views: await backbone.features(image, views) });
  }
  return photos;
}

async function coarseClasses(): Promise<ReadonlyMap<string, string>> {
  const text = await readFile(join(data, 'products.csv'), 'utf8');
  const { data: rows } = Papa.parse<{ product: string; coarse: string }>(text, { header: true });
  return new Map(rows.map(({ product, coarse }) => [product, coarse]));
}

function taught(
  backbone: Backbone,
  photos: readonly Photo[],
  nameOf: (photo: Photo) => string,
): Lesson {
  const names = [...new Set(photos.map(nameOf))].toSorted();
  const { head } = fitHead({
    backboneId: backbone.id,
    featureCount: backbone.featureCount,
    tags: names.map((name) => ({ id: name, name, type: 'Regular' })),
    photos: photos.map((photo) => ({ label: names.indexOf(nameOf(photo)), views: photo.views })),
  });
  return { names, head };
}

const productOf = ({ product }: Photo): string => product;

function allProducts(
  backbone: Backbone,
  train: readonly Photo[],
  check: readonly Photo[],
  coarse: ReadonlyMap<string, string>,
): Figure[] {
  const coarseOf = ({ product }: Photo): string => coarse.get(product)!;
  const fine = taught(backbone, train, productOf);
  const classes = taught(backbone, train, coarseOf);
  const note = `${fine.names.length} products, ${check.length} photos of a second visit`;
  const looks: [string, (head: Head, photo: Photo) => number[]][] = [
    ['', (head, { views }) => probabilitiesOf(head, views[0]!)],
    [
      ' in two looks',
      (head, { views }) => {
        const [plain, mirrored] = views.map((view) => probabilitiesOf(head, view));
        return plain!.map((one, index) => (one + mirrored![index]!) / 2);
      },
    ],
  ];
  return looks.flatMap(([how, look]) => {
    const seen = check.map((photo) => ({ photo, probabilities: look(fine.head, photo) }));
    const best = seen.map(({ probabilities }) => fine.names[ranking(probabilities)[0]!]!);
    const share = (isRight: (index: number) => boolean): number =>
      (seen.filter((_, index) => isRight(index)).length / seen.length) * 100;
    const sums = seen.map(({ probabilities }) => {
      const sum = new Map<string, number>();
      fine.names.forEach((name, index) => {
        const of = coarse.get(name)!;
        sum.set(of, (sum.get(of) ?? 0) + probabilities[index]!);
      });
      return [...sum].toSorted((a, b) => b[1] - a[1])[0]![0];
    });
    const direct = check.map((photo) => classes.names[ranking(look(classes.head, photo))[0]!]!);
    return [
      figure(
        `groceries fine${how}`,
        share((at) => best[at] === check[at]!.product),
        '%',
        note,
      ),
      figure(
        `groceries coarse${how}`,
        share((at) => coarse.get(best[at]!) === coarseOf(check[at]!)),
        '%',
        `${note}; the class of the best product`,
      ),
      figure(
        `groceries coarse by sums${how}`,
        share((at) => sums[at] === coarseOf(check[at]!)),
        '%',
        `${note}; the best sum of a class's products`,
      ),
      figure(
        `groceries coarse alone${how}`,
        share((at) => direct[at] === coarseOf(check[at]!)),
        '%',
        `${classes.names.length} coarse classes as the project's tags`,
      ),
      figure(
        `groceries top-${top}${how}`,
        share((at) =>
          ranking(seen[at]!.probabilities)
            .slice(0, top)
            .some((index) => fine.names[index] === check[at]!.product),
        ),
        '%',
        note,
      ),
    ];
  });
}

function fewPhotos(
  backbone: Backbone,
  few: readonly Photo[],
  check: readonly Photo[],
  count: number,
): Figure[] {
  const { names, head } = taught(backbone, few, productOf);
  const asked = check.filter(({ product }) => names.includes(product));
  const places = asked.map(({ product, views }) =>
    ranking(probabilitiesOf(head, views[0]!)).indexOf(names.indexOf(product)),
  );
  const note = `${names.length} products of ${count} photos, ${asked.length} of a second visit`;
  const within = (place: number): number =>
    (places.filter((one) => one < place).length / places.length) * 100;
  return [
    figure(`groceries of ${count} photos top-1`, within(1), '%', note),
    figure(`groceries of ${count} photos top-${top}`, within(top), '%', note),
  ];
}

/** Half of the products are taught, the others are strange to the shop. */
function strangers(
  backbone: Backbone,
  few: readonly Photo[],
  check: readonly Photo[],
  count: number,
): Figure[] {
  const names = [...new Set(few.map(productOf))];
  const asked = check.filter(({ product }) => names.includes(product));
  const random = seededRandom(1);
  const found = Array.from({ length: drawings }, () => {
    const order = names
      .map((name) => ({ name, at: random() }))
      .toSorted((a, b) => a.at - b.at)
      .map(({ name }) => name);
    const known = new Set(order.slice(0, order.length / 2));
    const { head } = taught(
      backbone,
      few.filter(({ product }) => known.has(product)),
      productOf,
    );
    const scores = asked.map(({ product, views }) => ({
      isKnown: known.has(product),
      score: Math.max(...probabilitiesOf(head, views[0]!)),
    }));
    const of = (isKnown: boolean): number[] =>
      scores.filter((one) => one.isKnown === isKnown).map(({ score }) => score);
    return { auroc: auroc(of(true), of(false)), refused: refused(of(true), of(false)) };
  });
  const note = `${drawings} drawings of ${names.length / 2} products of ${count} photos, the others strange`;
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, one) => sum + one, 0) / values.length;
  return [
    figure(
      `groceries strangers of ${count} photos AUROC`,
      mean(found.map((one) => one.auroc)) * 100,
      '%',
      note,
    ),
    figure(
      `groceries strangers of ${count} photos refused`,
      mean(found.map((one) => one.refused)) * 100,
      '%',
      `${note}, where ${accepted * 100}% of the known pass`,
    ),
  ];
}

/** Indexes, the greatest value's first. */
function ranking(values: readonly number[]): number[] {
  return [...values.keys()].toSorted((a, b) => values[b]! - values[a]!);
}

/** The share of pairs in which the known one scores more. */
function auroc(known: readonly number[], strange: readonly number[]): number {
  let wins = 0;
  for (const one of known) {
    for (const other of strange) wins += one > other ? 1 : one === other ? 0.5 : 0;
  }
  return wins / (known.length * strange.length);
}

function refused(known: readonly number[], strange: readonly number[]): number {
  const least = known.toSorted((a, b) => a - b)[Math.floor(known.length * (1 - accepted))]!;
  return strange.filter((one) => one < least).length / strange.length;
}

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { decodedFilm } from '../decoded-film.ts';
import { cutFruit, fruitPhotos } from './fruit.ts';
import type { FruitPhoto } from './fruit.ts';
import { cutHand } from './hand.ts';
import type { Hand } from './hand.ts';
import { handPoses } from './hand-poses.ts';
import { bareTable } from './bare-table.ts';
import { loadPhoto } from './picture.ts';
import type { Cutout } from './picture.ts';

const shared = fileURLToPath(new URL('../../../../shared/', import.meta.url));
const fruitFolder = join(shared, 'data/fruit-lab');
const groceryFolder = join(shared, 'data/grocery/train');
const handsFilm = join(shared, 'films/hands-03-blocks.mp4');

/**
 * What is for even seeds and what for odd ones has no photograph and no gesture in common, so that a
 * model trained on films of even seeds can be judged by those of odd ones.
 */
export type Side = 'even' | 'odd';

/** All that films are composed of. */
export interface Assets {
  readonly hands: readonly Hand[];
  readonly fruit: readonly FruitPhoto[];
  cutFruit(photo: FruitPhoto): Promise<Cutout>;
  /** Paths of photographs of a shop's shelves. */
  readonly labels: readonly string[];
  /** A table without anything on it, for films of 320. */
  readonly table: Cutout;
  readonly cloth: Cutout;
}

/** What is missing for composed films, in words; null where all is there. */
export function missingAssets(): string | null {
  const missing = [fruitFolder, groceryFolder, handsFilm].filter((path) => !existsSync(path));
  return missing.length === 0 ? null : `no ${missing.join(', no ')}`;
}

const loaded = new Map<Side, Promise<Assets>>();

export function loadAssets(side: Side): Promise<Assets> {
  let assets = loaded.get(side);
  if (assets === undefined) {
    assets = load(side);
    loaded.set(side, assets);
  }
  return assets;
}

async function load(side: Side): Promise<Assets> {
  const film = await decodedFilm(handsFilm);
  const hands = handPoses[side].map((pose) => cutHand(film.frame(pose.frame), pose));
  film.close();
  const cuts = new Map<string, Promise<Cutout>>();
  const products = readdirSync(groceryFolder).sort();
  return {
    hands,
    fruit: fruitPhotos[side],
    cutFruit(photo) {
      let cut = cuts.get(photo.file);
      if (cut === undefined) {
        cut = cutFruit(fruitFolder, photo);
        cuts.set(photo.file, cut);
      }
      return cut;
    },
    labels: products
      .filter((_, index) => index % 2 === (side === 'even' ? 0 : 1))
      .flatMap((product) => {
        const folder = join(groceryFolder, product);
        const files = readdirSync(folder).sort();
        return files.filter((_, index) => index % 5 === 0).map((file) => join(folder, file));
      }),
    table: await bareTable(
      fruitPhotos[side]
        .filter((_, index) => index % 2 === 0)
        .map(({ file }) => join(fruitFolder, file)),
    ),
    cloth: await loadPhoto(
      join(fruitFolder, 'train/apple/IMG_20200229_164759.jpg'),
      240,
      [0, 520, 240, 240],
    ),
  };
}

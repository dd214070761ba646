import type { Film, FilmPicture } from '../film.ts';

import { seededRandom } from '../../../src/shared/seeded-random.ts';
import { armOf, randomLook } from './arm.ts';
import { loadAssets } from './assets.ts';
import type { Assets } from './assets.ts';
import { baseCamera } from './base-camera.ts';
import type { CameraSettings } from './camera.ts';
import { groundOf } from './ground.ts';
import { kindNames, kindOf } from './kinds/kinds.ts';
import type { KindName } from './kinds/kinds.ts';
import type { CameraContext } from './kinds/kind.ts';
import { clothedPerson } from './person.ts';
import { Props } from './props.ts';
import { between, pick } from './random.ts';
import type { Random } from './random.ts';
import { Renderer } from './render.ts';
import type { PictureLabels, Scene } from './render.ts';
import { Script } from './script.ts';
import { Sensor } from './sensor.ts';
import { spriteOf } from './sprite.ts';
import type { FilmSize, Sprite } from './sprite.ts';

/** What is known of a composed film before it is composed, which takes a second. */
export type FilmPlan = Pick<Film, 'name' | 'kind' | 'width' | 'height' | 'rates' | 'framings'> & {
  readonly kind: KindName;
  readonly seed: number;
  /** Whether it has fruit in place of all other goods, for a shop that sells nothing else. */
  readonly isFruitOnly?: boolean;
};

export interface ComposedFilm extends Film {
  readonly seed: number;
  /** What each thing is: `green apple 2` → `green apple`. */
  readonly products: ReadonlyMap<string, string>;
  /** The pictures with what each pixel shows, to train a model by. */
  labelledPictures(framesPerSecond: number): Iterable<LabelledPicture>;
}

/** Planes of the film's size; things are numbered from 1 on in the order of `products`. */
export interface LabelledPicture extends PictureLabels {
  readonly picture: FilmPicture;
}

/** The film of that kind and seed; some are 4:3. `width` is in pixels, and even. */
export function planFilm(kind: KindName, seed: number, width = 320): FilmPlan {
  const random = seededRandom(seed * 7877 + hashOf(kind));
  const { rates } = kindOf(kind);
  const height = Math.round((random() < 0.2 ? (width * 3) / 4 : (width * 9) / 16) / 2) * 2;
  return {
    name: `${kind}-${seed}`,
    kind,
    seed,
    width,
    height,
    rates: [pick(random, rates)],
    framings: [{ width, height, left: 0, top: 0 }],
  };
}

/** A film of each kind for each seed. */
export function planFilms(seeds: readonly number[]): readonly FilmPlan[] {
  return kindNames.flatMap((kind) => seeds.map((seed) => planFilm(kind, seed)));
}

/** Always the same for a plan, from even seeds' photographs or odd ones'. */
export async function composeFilm(plan: FilmPlan): Promise<ComposedFilm> {
  const { seed, width, height } = plan;
  const kind = kindOf(plan.kind);
  const random = seededRandom(seed * 7919 + hashOf(plan.kind));
  const assets = await loadAssets(seed % 2 === 0 ? 'even' : 'odd');
  const camera = baseCamera(random);
  const scale = width / 320;
  const film: FilmSize = { width, height, margin: 2 * Math.ceil(5 * scale) };
  const ground = groundOf(pick(random, kind.grounds), film, assets.table, random);
  const nearness = between(random, 0.85, 1.15);
  const hands = handsOf(assets, random, scale * nearness);
  // Most shoppers stand below or above the tray as it is seen.
  const home = pick(random, [0, 0, Math.PI, Math.PI, Math.PI / 2, -Math.PI / 2]);
  const script = new Script(random, { hands, width, height, home });
  const props = new Props(assets, random, scale * nearness, ground, plan.isFruitOnly ?? false);
  const person = (): Sprite => {
    const cutout = clothedPerson(assets.cloth, random);
    return spriteOf(cutout, { scale: 0.5 * scale, origin: [cutout.width / 2, cutout.height] });
  };
  const durationS = await kind.play({ random, script, props, person });
  const context: CameraContext = { random, durationS, groundLevel: meanOf(ground.luma) };
  const settings: CameraSettings = { ...camera, ...kind.camera?.(context) };
  const mirror = (await kind.mirror?.(context, assets, film)) ?? null;
  const stage = script.stage();
  const shadowTowards = random() * 2 * Math.PI;
  const lamp = {
    dx: 3 * Math.cos(shadowTowards),
    dy: 3 * Math.sin(shadowTowards),
    strength: between(random, 0.22, 0.5),
  };
  const scene: Scene = { film, ground, stage, lamp, mirror };
  return {
    ...plan,
    durationS,
    due: script.due.filter(({ freeS }) => freeS + judgedS < (settings.frozenFromS ?? Infinity)),
    says: kind.says?.(settings, context.groundLevel) ?? [],
    products: new Map(stage.things.map(({ thing }) => [thing.name, thing.product])),
    *pictures(framesPerSecond) {
      for (const { picture } of shots(framesPerSecond)) yield picture;
    },
    *labelledPictures(framesPerSecond) {
      for (const { picture, sensor, renderer, atS } of shots(framesPerSecond)) {
        const { labels, things } = renderer.labelsAt(atS);
        yield { picture, labels: sensor.seenPart(labels), things: sensor.seenPart(things) };
      }
    },
  };

  function* shots(framesPerSecond: number): Iterable<Shot> {
    const renderer = new Renderer(scene);
    const sensor = new Sensor(settings, film, seededRandom(seed * 104_729 + 1));
    const count = Math.floor(durationS * framesPerSecond);
    for (let index = 0; index < count; index += 1) {
      const atS = index / framesPerSecond;
      const openS = Math.min(settings.exposureS, 0.9 / framesPerSecond);
      yield { picture: sensor.take(renderer.at(atS, openS), atS), sensor, renderer, atS };
    }
  }
}

interface Shot {
  readonly picture: FilmPicture;
  readonly sensor: Sensor;
  readonly renderer: Renderer;
  readonly atS: number;
}

/** What came to lie that long before a camera froze has been seen. */
const judgedS = 0.7;

/** Two people's hands, each in two gestures, some of them left ones. */
function handsOf(assets: Assets, random: Random, scale: number): Sprite[] {
  const sprites: Sprite[] = [];
  for (let person = 0; person < 2; person += 1) {
    const look = randomLook(random);
    const size = between(random, 0.36, 0.44) * scale;
    const isMirrored = random() < 0.5;
    for (let gesture = 0; gesture < 2; gesture += 1) {
      const arm = armOf(pick(random, assets.hands), look, assets.cloth, random);
      sprites.push(spriteOf(arm.cutout, { scale: size, origin: arm.grip, isMirrored }));
    }
  }
  return sprites;
}

function meanOf(plane: Float32Array): number {
  let sum = 0;
  for (const value of plane) sum += value;
  return sum / plane.length;
}

function hashOf(text: string): number {
  let hash = 17;
  for (const letter of text) hash = (Math.imul(hash, 31) + letter.charCodeAt(0)) >>> 0;
  return hash % 1_000_003;
}

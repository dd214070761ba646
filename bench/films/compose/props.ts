import type { Assets } from './assets.ts';
import { carton, clearBottle, jar, paleCarton, softBag } from './goods.ts';
import { loadPhoto } from './picture.ts';
import type { Cutout } from './picture.ts';
import { between, pick } from './random.ts';
import type { Random } from './random.ts';
import type { Canvas } from './sprite.ts';
import { spriteOf } from './sprite.ts';
import type { Sprite } from './sprite.ts';
import type { Thing } from './stage.ts';

export type PropKind = 'fruit' | 'carton' | 'jar' | 'bottle' | 'bag' | 'pale';

/** Makes the things of one film, each with a name of its own. */
export class Props {
  readonly #assets: Assets;
  readonly #random: Random;
  /** Pixels of the film to one of a film of 320, times how near the camera is. */
  readonly #scale: number;
  readonly #ground: Canvas;
  readonly #counts = new Map<string, number>();
  readonly #isFruitOnly: boolean;

  /** With `isFruitOnly` there is fruit in place of whatever else is asked for. */
  constructor(assets: Assets, random: Random, scale: number, ground: Canvas, isFruitOnly: boolean) {
    this.#assets = assets;
    this.#isFruitOnly = isFruitOnly;
    this.#random = random;
    this.#scale = scale;
    this.#ground = ground;
  }

  /** One that a person tells from the ground at a glance. */
  async make(kinds: readonly PropKind[]): Promise<Thing> {
    for (let attempt = 0; ; attempt += 1) {
      const made = await this.#draw(this.#isFruitOnly ? 'fruit' : pick(this.#random, kinds));
      if (attempt < 8 && !isTold(made.sprites[0]!, this.#ground)) continue;
      return this.#named(made.product, made.sprites);
    }
  }

  async fruit(product: string): Promise<Thing> {
    const made = await this.#fruit(product);
    return this.#named(made.product, made.sprites);
  }

  #named(product: string, sprites: readonly Sprite[]): Thing {
    const count = (this.#counts.get(product) ?? 0) + 1;
    this.#counts.set(product, count);
    const isRound = /apple|orange/.test(product);
    return { name: count === 1 ? product : `${product} ${count}`, product, isRound, sprites };
  }

  async #draw(kind: PropKind): Promise<{ product: string; sprites: Sprite[] }> {
    const random = this.#random;
    switch (kind) {
      case 'fruit':
        return this.#fruit(null);
      case 'carton': {
        const size = [between(random, 120, 175), between(random, 150, 230)] as const;
        return this.#made('carton', carton(await this.#label(), random, size), 1 / 2.6);
      }
      case 'jar': {
        const size = [between(random, 95, 130), between(random, 125, 180)] as const;
        return this.#made('jar', jar(await this.#label(), random, rounded(size)), 1 / 2.6);
      }
      case 'bottle': {
        const size = [between(random, 68, 86), between(random, 240, 310)] as const;
        return this.#made('bottle', clearBottle(random, rounded(size)), 1 / 2.6, true);
      }
      case 'pale': {
        const ground = mean(this.#ground.luma);
        const size = [between(random, 100, 145), between(random, 110, 170)] as const;
        return this.#made('white carton', paleCarton(random, rounded(size), ground), 1 / 2.6);
      }
      case 'bag': {
        const size = [between(random, 105, 148), between(random, 86, 120)] as const;
        const states = softBag(await this.#label(), random, rounded(size), 13);
        const scale = this.#scale / 1.6;
        return { product: 'bag', sprites: states.map((state) => spriteOf(state, { scale })) };
      }
    }
  }

  async #fruit(product: string | null): Promise<{ product: string; sprites: Sprite[] }> {
    const all = this.#assets.fruit.filter(({ name }) => product === null || name === product);
    const name = product ?? pick(this.#random, [...new Set(all.map((one) => one.name))]);
    const photo = pick(
      this.#random,
      all.filter((one) => one.name === name),
    );
    const cutout = await this.#assets.cutFruit(photo);
    const longest = Math.max(cutout.width, cutout.height);
    const size = name === 'banana' ? between(this.#random, 62, 88) : between(this.#random, 37, 50);
    const scale = (this.#scale * size) / longest;
    const isMirrored = this.#random() < 0.5;
    return { product: name, sprites: [spriteOf(cutout, { scale, isMirrored })] };
  }

  #made(
    product: string,
    cutout: Cutout,
    scale: number,
    isClear = false,
  ): { product: string; sprites: Sprite[] } {
    return {
      product,
      sprites: [spriteOf(cutout, { scale: this.#scale * scale, isClear })],
    };
  }

  async #label(): Promise<Cutout> {
    const random = this.#random;
    const photo = await loadPhoto(pick(random, this.#assets.labels), 240);
    return photo;
  }
}

function rounded([wide, high]: readonly [number, number]): [number, number] {
  return [Math.round(wide), Math.round(high)];
}

function mean(plane: Float32Array): number {
  let sum = 0;
  for (const value of plane) sum += value;
  return sum / plane.length;
}

/** Whether most of it is of another grey or colour than the ground's middle. */
function isTold(sprite: Sprite, ground: Canvas): boolean {
  const middle = (ground.height >> 1) * ground.width + (ground.width >> 1);
  const halfMiddle = (ground.height >> 2) * (ground.width >> 1) + (ground.width >> 2);
  const [level, blue, red] = [ground.luma[middle]!, ground.cb[halfMiddle]!, ground.cr[halfMiddle]!];
  let told = 0;
  let all = 0;
  const { half } = sprite;
  for (let y = 0; y < half.height; y += 1) {
    for (let x = 0; x < half.width; x += 1) {
      const q = y * half.width + x;
      const p = 2 * y * sprite.width + 2 * x;
      const alpha = half.alpha[q]!;
      if (alpha < 0.5) continue;
      all += 1;
      const grey = Math.abs(sprite.luma[p]! / Math.max(0.05, sprite.alpha[p]!) - level);
      const colour = Math.hypot(half.cb[q]! / alpha - blue, half.cr[q]! / alpha - red);
      if (grey > 22 || (grey > 12 && colour > 16)) told += 1;
    }
  }
  return told > 0.55 * all;
}

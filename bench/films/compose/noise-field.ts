import { blurred } from './picture.ts';
import { gaussian } from './random.ts';
import type { Random } from './random.ts';

/** Normal deviates for a picture, each picture from another place of one large field. */
export class NoiseField {
  readonly #field: Float32Array;
  readonly #stride: number;
  readonly #rows: number;
  readonly #width: number;
  readonly #height: number;
  readonly #random: Random;

  constructor(width: number, height: number, smearPx: number, random: Random) {
    this.#width = width;
    this.#height = height;
    this.#stride = width * 2;
    this.#rows = height * 2;
    this.#random = random;
    const raw = new Float32Array(this.#stride * this.#rows);
    for (let p = 0; p < raw.length; p += 1) raw[p] = gaussian(random);
    this.#field = smearPx > 0 ? smeared(raw, this.#stride, this.#rows, smearPx) : raw;
  }

  next(): { field: Float32Array; start: number; stride: number } {
    const left = Math.floor(this.#random() * (this.#stride - this.#width));
    const top = Math.floor(this.#random() * (this.#rows - this.#height));
    return { field: this.#field, start: top * this.#stride + left, stride: this.#stride };
  }
}

/** Half of it fine, half smeared, of a standard deviation of one again. */
function smeared(raw: Float32Array, width: number, height: number, smearPx: number): Float32Array {
  const soft = blurred(raw, width, height, smearPx);
  let squares = 0;
  for (const value of soft) squares += value * value;
  const scale = 1 / Math.sqrt(squares / soft.length);
  return soft.map((value, index) => 0.8 * value * scale + 0.6 * raw[index]!);
}

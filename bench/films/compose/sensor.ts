import type { FilmPicture } from '../film.ts';
import type { CameraSettings } from './camera.ts';
import { bandGains, lampWave } from './flicker.ts';
import { jpegOf } from './jpeg.ts';
import { NoiseField } from './noise-field.ts';
import { blurred } from './picture.ts';
import { gaussian } from './random.ts';
import type { Random } from './random.ts';
import { shadeAt } from './shade.ts';
import type { LightAt } from './shade.ts';
import type { Canvas, FilmSize } from './sprite.ts';
import { unrestAt } from './unrest.ts';

/** Grey levels coded with that gamma: a factor on light is its power of one over it on levels. */
const codingGamma = 2.2;
const toneSteps = 1024;

/** Takes pictures of scenes one after another, as one camera does. */
export class Sensor {
  readonly #settings: CameraSettings;
  readonly #film: FilmSize;
  readonly #random: Random;
  readonly #wave: Float32Array | null;
  readonly #rowGains: Float32Array;
  readonly #columnGains: Float32Array;
  readonly #tone: Float32Array;
  readonly #colourGain: Float32Array;
  readonly #sigma: Float32Array;
  readonly #noise: NoiseField;
  readonly #colourNoise: NoiseField;
  readonly #means: { readonly atS: number; readonly mean: number }[] = [];
  readonly #compress: ((picture: FilmPicture) => FilmPicture) | null;
  #stops = 0;
  #lastStepS = -Infinity;
  #shakeX = 0;
  #shakeY = 0;
  #frozen: FilmPicture | null = null;
  #lastShift: readonly [number, number] = [0, 0];

  constructor(settings: CameraSettings, film: FilmSize, random: Random) {
    this.#settings = settings;
    this.#film = film;
    this.#random = random;
    const { flicker, tone, noise } = settings;
    this.#wave = flicker === null ? null : lampWave(flicker, settings.exposureS);
    this.#rowGains = new Float32Array(film.height);
    this.#columnGains = new Float32Array(film.width);
    this.#tone = new Float32Array(toneSteps);
    this.#colourGain = new Float32Array(toneSteps);
    for (let step = 0; step < toneSteps; step += 1) {
      const level = step / 2;
      const curved = 255 * (level / 255) ** tone.gamma;
      const room = 255 - tone.knee;
      const toned =
        curved < tone.knee || room <= 0
          ? Math.min(255, curved)
          : tone.knee + room * (1 - Math.exp(-(curved - tone.knee) / room));
      this.#tone[step] = toned;
      // What is clipped loses its colour.
      const clipped = Math.max(0, (toned - 225) / 30);
      this.#colourGain[step] =
        (step === 0 ? 1 : toned / level) * tone.saturation * (1 - 0.8 * clipped);
    }
    this.#sigma = Float32Array.from({ length: 256 }, (_, level) =>
      Math.hypot(noise.read, noise.shot * Math.sqrt(level)),
    );
    this.#noise = new NoiseField(film.width, film.height, noise.smearPx, random);
    this.#colourNoise = new NoiseField(film.width >> 1, film.height >> 1, noise.smearPx, random);
    const quality = settings.jpegQuality;
    this.#compress = quality === null ? null : jpegOf(film.width, film.height, quality);
  }

  /** `scene` in even light at that time. */
  take(scene: Canvas, atS: number): FilmPicture {
    if (this.#frozen !== null) return this.#frozen;
    const settings = this.#settings;
    const gain = this.#gain(atS);
    this.#rowGains.fill(gain);
    this.#columnGains.fill(1);
    if (settings.flicker !== null && this.#wave !== null) {
      const gains = settings.flicker.bands === 'rows' ? this.#rowGains : this.#columnGains;
      bandGains(settings.flicker, this.#wave, atS, settings.readoutS, gains);
    }
    const focused = this.#focused(scene, atS);
    const [shiftX, shiftY] = this.#shift(atS);
    this.#lastShift = [shiftX, shiftY];
    const picture = this.#expose(focused, atS, shiftX, shiftY);
    this.#meter(picture, atS);
    const compressed = this.#compress === null ? picture : this.#compress(picture);
    if (settings.frozenFromS !== null && atS >= settings.frozenFromS) this.#frozen = compressed;
    return compressed;
  }

  /** The part of a plane of the scene's size that the last picture shows. */
  seenPart(plane: Uint8Array): Uint8Array {
    const { width, height, margin } = this.#film;
    const [x, y] = this.#lastShift.map(Math.round) as [number, number];
    const stride = width + 2 * margin;
    const part = new Uint8Array(width * height);
    for (let row = 0; row < height; row += 1) {
      const start = (margin + y + row) * stride + margin + x;
      part.set(plane.subarray(start, start + width), row * width);
    }
    return part;
  }

  /** The factor on each pixel's light; null where it is the same on all. */
  #lightAt(atS: number): LightAt | null {
    const shade = shadeAt(this.#settings.shades, atS, this.#film);
    const unrest = unrestAt(this.#settings.unrest, atS, this.#film);
    if (shade === null || unrest === null) return shade ?? unrest;
    return { at: (x, y) => shade.at(x, y) * unrest.at(x, y) };
  }

  /** The factor on all levels. */
  #gain(atS: number): number {
    const { lampSteps, clouds, light } = this.#settings;
    let gain = light;
    for (const step of lampSteps) {
      // A lamp takes a moment.
      const share = Math.min(1, Math.max(0, (atS - step.atS) / 0.05));
      gain *= 1 + (step.factor - 1) * share;
    }
    if (clouds !== null) {
      gain *= 1 - clouds.depth * (0.5 - 0.5 * Math.cos((2 * Math.PI * atS) / clouds.periodS));
    }
    return gain * 2 ** (this.#stops / codingGamma);
  }

  /** What the exposure does after this picture. */
  #meter(picture: FilmPicture, atS: number): void {
    const auto = this.#settings.autoExposure;
    if (auto === null) return;
    let sum = 0;
    let count = 0;
    for (let p = 0; p < picture.luma.length; p += 7) {
      sum += picture.luma[p]!;
      count += 1;
    }
    this.#means.push({ atS, mean: sum / count });
    if (atS - this.#lastStepS < auto.everyS) return;
    while (this.#means.length > 1 && this.#means[1]!.atS <= atS - auto.lagS) this.#means.shift();
    const past = this.#means[0]!;
    if (past.atS > atS - auto.lagS) return;
    const error = Math.log2(auto.target / Math.max(4, past.mean)) * codingGamma;
    if (Math.abs(error) < auto.tolerance) return;
    const wanted = Math.min(auto.largestStep, Math.max(-auto.largestStep, error * auto.gain));
    const steps = Math.round(wanted / auto.smallestStep) || Math.sign(wanted);
    this.#stops = Math.min(3, Math.max(-3, this.#stops + steps * auto.smallestStep));
    this.#lastStepS = atS;
  }

  #focused(scene: Canvas, atS: number): Canvas {
    const pulse = this.#settings.focusPulses.find(
      (one) => one.atS <= atS && atS < one.atS + one.lengthS,
    );
    if (pulse === undefined) return scene;
    const share = Math.sin((Math.PI * (atS - pulse.atS)) / pulse.lengthS);
    const sigma = (pulse.blurPx * share * this.#film.width) / 160;
    const [half, halfHigh] = [scene.width >> 1, scene.height >> 1];
    return {
      ...scene,
      luma: blurred(scene.luma, scene.width, scene.height, sigma),
      cb: blurred(scene.cb, half, halfHigh, sigma / 2),
      cr: blurred(scene.cr, half, halfHigh, sigma / 2),
    };
  }

  #shift(atS: number): readonly [number, number] {
    const { shakePx, bumps } = this.#settings;
    const thumbPx = this.#film.width / 160;
    let [x, y] = [0, 0];
    if (shakePx > 0) {
      // What swings loses half of its swing from picture to picture, and is pushed anew.
      const push = 0.45 * shakePx;
      this.#shakeX = clamp(0.5 * this.#shakeX + push * gaussian(this.#random), -shakePx, shakePx);
      this.#shakeY = clamp(0.5 * this.#shakeY + push * gaussian(this.#random), -shakePx, shakePx);
      x += this.#shakeX;
      y += this.#shakeY;
    }
    for (const bump of bumps) {
      if (atS < bump.atS) continue;
      // It rings for a moment before it stays.
      const since = atS - bump.atS;
      const ring = 1 + 0.5 * Math.exp(-since / 0.12) * Math.cos(since * 42);
      x += bump.dx * ring;
      y += bump.dy * ring;
    }
    const room = this.#film.margin - 1;
    return [clamp(x * thumbPx, -room, room), clamp(y * thumbPx, -room, room)];
  }

  #expose(scene: Canvas, atS: number, shiftX: number, shiftY: number): FilmPicture {
    const { width, height } = this.#film;
    const buffer = new ArrayBuffer(width * height);
    const out = new Uint8ClampedArray(buffer);
    const tone = this.#tone;
    const sigma = this.#sigma;
    const rows = this.#rowGains;
    const columns = this.#columnGains;
    const noise = this.#noise.next();
    const shade = this.#lightAt(atS);
    const from = shifted(scene.width, scene.margin, shiftX, shiftY);
    const isShifted = from.w00 < 1;
    const { luma } = scene;
    const { w00, w10, w01, w11 } = from;
    for (let y = 0; y < height; y += 1) {
      const rowGain = rows[y]!;
      let q = from.start + y * scene.width;
      let p = y * width;
      let n = noise.start + y * noise.stride;
      for (let x = 0; x < width; x += 1, q += 1, p += 1, n += 1) {
        let value = isShifted
          ? luma[q]! * w00 +
            luma[q + 1]! * w10 +
            luma[q + scene.width]! * w01 +
            luma[q + scene.width + 1]! * w11
          : luma[q]!;
        value *= rowGain * columns[x]!;
        if (shade !== null) value *= shade.at(x, y);
        const step = (value * 2 + 0.5) | 0;
        const toned = tone[step < 0 ? 0 : step >= toneSteps ? toneSteps - 1 : step]!;
        out[p] = toned + noise.field[n]! * sigma[toned | 0]!;
      }
    }
    return {
      width,
      height,
      luma: new Uint8Array(buffer),
      chroma: this.#colours(scene, atS, shiftX, shiftY),
    };
  }

  #colours(
    scene: Canvas,
    atS: number,
    shiftX: number,
    shiftY: number,
  ): { cb: Uint8Array; cr: Uint8Array } {
    const width = this.#film.width >> 1;
    const height = this.#film.height >> 1;
    const cbBuffer = new ArrayBuffer(width * height);
    const crBuffer = new ArrayBuffer(width * height);
    const cb = new Uint8ClampedArray(cbBuffer);
    const cr = new Uint8ClampedArray(crBuffer);
    const rows = this.#rowGains;
    const columns = this.#columnGains;
    const gains = this.#colourGain;
    const noise = this.#colourNoise.next();
    const other = this.#colourNoise.next();
    const { read, shot } = this.#settings.noise;
    const drift = this.#settings.whiteDrift;
    const white =
      drift === null ? 0 : (drift.levels * Math.sin((2 * Math.PI * atS) / drift.periodS)) / 255;
    const half = scene.width >> 1;
    const from = shifted(half, scene.margin >> 1, shiftX / 2, shiftY / 2);
    const { w00, w10, w01, w11 } = from;
    const sceneLuma = scene.luma;
    const shade = this.#lightAt(atS);
    for (let y = 0; y < height; y += 1) {
      const rowGain = rows[2 * y]!;
      let q = from.start + y * half;
      let p = y * width;
      let n = noise.start + y * noise.stride;
      let m = other.start + y * other.stride;
      let l = (2 * y + scene.margin) * scene.width + scene.margin;
      for (let x = 0; x < width; x += 1, q += 1, p += 1, n += 1, m += 1, l += 2) {
        let light = rowGain * columns[2 * x]!;
        if (shade !== null) light *= shade.at(2 * x, 2 * y);
        const value = sceneLuma[l]! * light;
        const step = (value * 2 + 0.5) | 0;
        const gain = light * gains[step < 0 ? 0 : step >= toneSteps ? toneSteps - 1 : step]!;
        const below = q + half;
        const blue =
          scene.cb[q]! * w00 +
          scene.cb[q + 1]! * w10 +
          scene.cb[below]! * w01 +
          scene.cb[below + 1]! * w11;
        const red =
          scene.cr[q]! * w00 +
          scene.cr[q + 1]! * w10 +
          scene.cr[below]! * w01 +
          scene.cr[below + 1]! * w11;
        const spread = 0.45 * (read + shot * 8);
        cb[p] = 128 + blue * gain - white * value + noise.field[n]! * spread;
        cr[p] = 128 + red * gain + white * value + noise.field[m]! * spread;
      }
    }
    return { cb: new Uint8Array(cbBuffer), cr: new Uint8Array(crBuffer) };
  }
}

/** Where a shifted picture begins in planes with a margin, and the weights of four neighbours. */
function shifted(
  stride: number,
  margin: number,
  shiftX: number,
  shiftY: number,
): { start: number; w00: number; w10: number; w01: number; w11: number } {
  const x = Math.floor(shiftX);
  const y = Math.floor(shiftY);
  const [fx, fy] = [shiftX - x, shiftY - y];
  return {
    start: (margin + y) * stride + margin + x,
    w00: (1 - fx) * (1 - fy),
    w10: fx * (1 - fy),
    w01: (1 - fx) * fy,
    w11: fx * fy,
  };
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}

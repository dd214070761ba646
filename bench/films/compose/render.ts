import { mirrorAt } from './mirror.ts';
import type { Mirror } from './mirror.ts';
import type { Canvas, FilmSize, Place } from './sprite.ts';
import { createComposeCanvas, drawShadow, drawSprite } from './sprite.ts';
import type { Sprite } from './sprite.ts';
import { sagAt } from './stage.ts';
import type { Stage, Stretch, Thing } from './stage.ts';
import { momentOf } from './track.ts';
import type { Moment, Track } from './track.ts';

/** From where the light comes. */
export interface Lamp {
  /** A shadow's way from a thing on the ground, in pixels of a film of 320. */
  readonly dx: number;
  readonly dy: number;
  readonly strength: number;
}

/** All that is before the camera. */
export interface Scene {
  readonly film: FilmSize;
  readonly ground: Canvas;
  readonly stage: Stage;
  readonly lamp: Lamp;
  readonly mirror: Mirror | null;
}

/** Draws the stage at any moment; what lies is drawn once, as long as the same things lie. */
export class Renderer {
  readonly #ground: Canvas;
  readonly #stage: Stage;
  readonly #lamp: Lamp;
  readonly #mirror: Mirror | null;
  readonly #scale: number;
  readonly #resting: Canvas;
  readonly #canvas: Canvas;
  #restingKey = '?';

  constructor({ ground, stage, lamp, mirror, film }: Scene) {
    this.#ground = ground;
    this.#stage = stage;
    this.#lamp = lamp;
    this.#mirror = mirror;
    this.#scale = film.width / 320;
    this.#resting = createComposeCanvas(film);
    this.#canvas = createComposeCanvas(film);
  }

  /** The scene as it is in even light, its shutter open for so long; good until the next call. */
  at(atS: number, openS: number): Canvas {
    const lying: { thing: Thing; stretch: Stretch }[] = [];
    const moving: { thing: Thing; stretch: Stretch }[] = [];
    for (const { thing, stretches } of this.#stage.things) {
      const stretch = stretches.find(({ fromS, toS }) => fromS <= atS && atS < toS);
      if (stretch === undefined) continue;
      (stretch.kind === 'lies' ? lying : moving).push({ thing, stretch });
    }
    lying.sort((a, b) => a.stretch.fromS - b.stretch.fromS);
    this.#drawResting(lying, atS);
    const canvas = this.#canvas;
    canvas.luma.set(this.#resting.luma);
    canvas.cb.set(this.#resting.cb);
    canvas.cr.set(this.#resting.cr);

    const arms = this.#stage.arms.filter(({ fromS, toS }) => fromS <= atS && atS < toS);
    for (const { thing, stretch } of moving) {
      this.#shadow(canvas, thing.sprites[0]!, momentOf(stretch.track, atS), 1);
    }
    for (const { sprite, track } of arms) this.#shadow(canvas, sprite, momentOf(track, atS), 0.75);
    for (const { thing, stretch } of moving) {
      const states = thing.sprites.length - 1;
      const state = Math.min(states, Math.round(sagAt(stretch, atS) * states));
      drawSprite(canvas, thing.sprites[state]!, placesOf(stretch.track, atS, openS));
    }
    for (const { sprite, track } of arms) drawSprite(canvas, sprite, placesOf(track, atS, openS));
    return canvas;
  }

  #drawResting(lying: readonly { thing: Thing; stretch: Stretch }[], atS: number): void {
    const shown = this.#mirror === null ? null : mirrorAt(this.#mirror, atS);
    const names = lying.map(({ thing, stretch }) => `${thing.name}@${stretch.fromS}`).join(' ');
    const key = `${names} ${shown?.from} ${shown?.to} ${shown?.share}`;
    if (key === this.#restingKey) return;
    this.#restingKey = key;
    this.#resting.luma.set(this.#ground.luma);
    this.#resting.cb.set(this.#ground.cb);
    this.#resting.cr.set(this.#ground.cr);
    if (this.#mirror !== null && shown !== null) {
      addLight(this.#resting, this.#mirror.screens[shown.to]!, shown.share);
      if (shown.share < 1) {
        addLight(this.#resting, this.#mirror.screens[shown.from]!, 1 - shown.share);
      }
    }
    for (const { thing, stretch } of lying) {
      const sprite = thing.sprites.at(-1)!;
      const moment = momentOf(stretch.track, stretch.fromS);
      this.#shadow(this.#resting, sprite, moment, 1);
      drawSprite(this.#resting, sprite, [moment]);
    }
  }

  /** The higher it is, the farther its shadow lies off, and the softer and fainter it is. */
  #shadow(canvas: Canvas, sprite: Sprite, moment: Moment, share: number): void {
    const { dx, dy, strength } = this.#lamp;
    const reach = this.#scale * (1 + 5 * moment.lift);
    drawShadow(canvas, sprite, moment, {
      dx: dx * reach,
      dy: dy * reach,
      strength: strength * share * (1 - 0.45 * moment.lift),
      softness: 0.35 + 0.65 * Math.min(1, 1.6 * moment.lift),
    });
  }
}

function addLight(canvas: Canvas, light: Canvas, share: number): void {
  for (const plane of ['luma', 'cb', 'cr'] as const) {
    const [to, from] = [canvas[plane], light[plane]];
    for (let p = 0; p < to.length; p += 1) to[p] = to[p]! + from[p]! * share;
  }
}

/** The ways of something while the shutter is open, at most two pixels apart. */
function placesOf(track: Track, atS: number, openS: number): Place[] {
  const from = momentOf(track, atS);
  if (openS <= 0) return [from];
  const to = momentOf(track, atS + openS);
  const steps = Math.min(9, Math.ceil(Math.hypot(to.x - from.x, to.y - from.y) / 2));
  if (steps <= 1) return [from];
  return Array.from({ length: steps }, (_, step) =>
    momentOf(track, atS + (openS * (step + 0.5)) / steps),
  );
}

import { mirrorAt } from './mirror.ts';
import type { Mirror } from './mirror.ts';
import { drawLabel, drawShadow, drawSprite } from './draw.ts';
import type { Canvas, FilmSize, Place } from './sprite.ts';
import { createComposeCanvas } from './sprite.ts';
import type { Sprite } from './sprite.ts';
import { sagAt } from './stage.ts';
import type { ArmLife, Stage, Stretch, Thing } from './stage.ts';
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

/** What a pixel shows; 0 is the bare ground. */
export const label = { lying: 1, moving: 2, person: 3, lightOnly: 4 } as const;

export interface PictureLabels {
  /** A `label` for each pixel. */
  readonly labels: Uint8Array;
  /** Which of the stage's things, from 1 on. */
  readonly things: Uint8Array;
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

  /** What each pixel of the scene shows at that time; with the margin of its canvas. */
  labelsAt(atS: number): PictureLabels {
    const canvas = this.#canvas;
    const labels = new Uint8Array(canvas.width * canvas.height);
    const things = new Uint8Array(canvas.width * canvas.height);
    const scene = this.at(atS, 0);
    for (let p = 0; p < labels.length; p += 1) {
      const bare = this.#ground.luma[p]!;
      if (Math.abs(scene.luma[p]! - bare) > 0.04 * bare + 1) labels[p] = label.lightOnly;
    }
    for (const kind of ['lies', 'moves'] as const) {
      for (const { thing, stretch } of this.#present(kind, atS)) {
        const moment = momentOf(stretch.track, atS);
        const sprite = spriteAt(thing, stretch, atS);
        const index = this.#stage.things.findIndex((life) => life.thing === thing);
        drawLabel(labels, canvas, sprite, moment, kind === 'lies' ? label.lying : label.moving);
        drawLabel(things, canvas, sprite, moment, index + 1);
      }
    }
    for (const { sprite, track } of this.#armsAt(atS)) {
      drawLabel(labels, canvas, sprite, momentOf(track, atS), label.person);
      drawLabel(things, canvas, sprite, momentOf(track, atS), 0);
    }
    return { labels, things };
  }

  /** The scene as it is in even light, its shutter open for so long; good until the next call. */
  at(atS: number, openS: number): Canvas {
    const lying = this.#present('lies', atS);
    const moving = this.#present('moves', atS);
    this.#drawResting(lying, atS);
    const canvas = this.#canvas;
    canvas.luma.set(this.#resting.luma);
    canvas.cb.set(this.#resting.cb);
    canvas.cr.set(this.#resting.cr);

    const arms = this.#armsAt(atS);
    for (const { thing, stretch } of moving) {
      this.#shadow(canvas, thing.sprites[0]!, momentOf(stretch.track, atS), 1);
    }
    for (const { sprite, track } of arms) this.#shadow(canvas, sprite, momentOf(track, atS), 0.75);
    for (const { thing, stretch } of moving) {
      drawSprite(canvas, spriteAt(thing, stretch, atS), placesOf(stretch.track, atS, openS));
    }
    for (const { sprite, track } of arms) drawSprite(canvas, sprite, placesOf(track, atS, openS));
    return canvas;
  }

  /** The things that lie or move just then, those that came first first. */
  #present(kind: Stretch['kind'], atS: number): { thing: Thing; stretch: Stretch }[] {
    return this.#stage.things
      .flatMap(({ thing, stretches }) => {
        const stretch = stretches.find(({ fromS, toS }) => fromS <= atS && atS < toS);
        return stretch?.kind === kind ? [{ thing, stretch }] : [];
      })
      .sort((a, b) => a.stretch.fromS - b.stretch.fromS);
  }

  #armsAt(atS: number): ArmLife[] {
    return this.#stage.arms.filter(({ fromS, toS }) => fromS <= atS && atS < toS);
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

function spriteAt(thing: Thing, stretch: Stretch, atS: number): Sprite {
  const last = thing.sprites.length - 1;
  return thing.sprites[Math.min(last, Math.round(sagAt(stretch, atS) * last))]!;
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

import type { Place } from './sprite.ts';

/** Where something is at one moment, in the film's pixels. */
export interface Key {
  readonly atS: number;
  readonly x: number;
  readonly y: number;
  /** Radians, clockwise. */
  readonly angle: number;
  /** How high it is: 0 on the ground, 1 as high as an arm is held over it. */
  readonly lift: number;
  /** How it comes here from the key before. */
  readonly by?: 'reach' | 'fall' | 'even' | 'roll';
  /** How far its way here bends aside, in pixels. */
  readonly bowPx?: number;
}

/** Keys in order of time; before the first and after the last it stays. */
export type Track = readonly Key[];

/** What is high over the ground is nearer to the camera. */
const nearness = 0.13;

export interface Moment extends Place {
  readonly lift: number;
}

export function momentOf(track: Track, atS: number): Moment {
  const first = track[0];
  const last = track.at(-1);
  if (first === undefined || last === undefined) throw new Error('A track needs a key.');
  if (atS <= first.atS) return still(first);
  if (atS >= last.atS) return still(last);
  const next = track.findIndex((key) => key.atS > atS);
  const [a, b] = [track[next - 1]!, track[next]!];
  const u = (atS - a.atS) / (b.atS - a.atS);
  const share = eases[b.by ?? 'reach'](u);
  const lift = a.lift + (b.lift - a.lift) * share;
  const bow = (b.bowPx ?? 0) * Math.sin(Math.PI * share);
  const length = Math.hypot(b.x - a.x, b.y - a.y) || 1;
  return {
    x: a.x + (b.x - a.x) * share - (bow * (b.y - a.y)) / length,
    y: a.y + (b.y - a.y) * share + (bow * (b.x - a.x)) / length,
    angle: a.angle + (b.angle - a.angle) * share,
    scale: 1 + nearness * lift,
    lift,
  };
}

function still({ x, y, angle, lift }: Key): Moment {
  return { x, y, angle, lift, scale: 1 + nearness * lift };
}

const eases: Readonly<Record<NonNullable<Key['by']>, (u: number) => number>> = {
  // Least jerk, as hands move: Flash and Hogan, 1985.
  reach: (u) => u * u * u * (10 - 15 * u + 6 * u * u),
  fall: (u) => u * u,
  even: (u) => u,
  // Rolling slows down by friction.
  roll: (u) => 1 - (1 - u) ** 2,
};

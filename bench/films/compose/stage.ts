import type { Sprite } from './sprite.ts';
import type { Track } from './track.ts';

/** A thing that is laid down in a film. */
export interface Thing {
  /** Tells it from all others of the film: `green apple 2`. */
  readonly name: string;
  /** What it is: `green apple`. */
  readonly product: string;
  /** It rolls when it is pushed. */
  readonly isRound: boolean;
  /** In the order of its states; all but a soft bag have one. */
  readonly sprites: readonly Sprite[];
}

/** A stretch of a thing's time in the film; it is in sight from the first to the last. */
export interface Stretch {
  readonly fromS: number;
  readonly toS: number;
  readonly kind: 'moves' | 'lies';
  readonly track: Track;
  /** While a bag goes from its first state to its last; before the first it is in the first. */
  readonly sags?: { readonly fromS: number; readonly toS: number };
}

export interface ThingLife {
  readonly thing: Thing;
  readonly stretches: readonly Stretch[];
}

export interface ArmLife {
  readonly sprite: Sprite;
  readonly fromS: number;
  readonly toS: number;
  readonly track: Track;
}

/** All that happens over the ground. */
export interface Stage {
  readonly things: readonly ThingLife[];
  readonly arms: readonly ArmLife[];
}

/** How far the sag is, 0 to 1. */
export function sagAt({ sags }: Stretch, atS: number): number {
  if (sags === undefined) return 1;
  const share = Math.min(1, Math.max(0, (atS - sags.fromS) / (sags.toS - sags.fromS)));
  // Fast at first, then ever slower.
  return 1 - (1 - share) ** 2;
}

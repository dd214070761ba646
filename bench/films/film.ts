import type { ColourCoding } from '../../src/shared/thumb.ts';

/** A picture of a film in planes, row by row, a byte a pixel. */
export interface FilmPicture {
  readonly width: number;
  readonly height: number;
  readonly luma: Uint8Array;
  /** At half the width and height, rounded up; 128 is no colour. Null in a grey film. */
  readonly chroma: {
    readonly cb: Uint8Array;
    readonly cr: Uint8Array;
    /** As in JPEGs where it is missing: BT.601 at full range. */
    readonly coding?: ColourCoding;
  } | null;
}

/** A cut of the film that is played as a camera of its own, in the film's pixels. */
export interface Framing {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly top: number;
}

/** A box in the film's pixels; right and bottom are the first column and row outside. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** What a person sees happen; times in seconds from the film's first picture. */
export type Due =
  | {
      readonly kind: 'placed';
      /** The same name stands in its removal; null where the film does not tell. */
      readonly thing: string | null;
      /** The hand still holds it, at its place. */
      readonly fromS: number;
      /** It lies free. */
      readonly freeS: number;
      readonly box: Box | null;
    }
  | {
      readonly kind: 'removed';
      readonly thing: string | null;
      readonly freeS: number;
      /** Where it lay. */
      readonly box: Box | null;
    };

/** What the tray must say of its sight within five seconds; a `BlindReason` or an `Impairment`. */
export interface DueNotice {
  readonly reason: string;
  /** From when on it shows. */
  readonly fromS: number;
}

/**
 * What a camera sees over a tray, decoded from a file or composed from a seed.
 */
export interface Film {
  /** Tells this film from all others: a file's name without its ending, or kind and seed. */
  readonly name: string;
  /** What figures are summed by: of a composed film its kind, else its name. */
  readonly kind: string;
  /** Of a composed film. */
  readonly seed: number | null;
  readonly width: number;
  readonly height: number;
  readonly durationS: number;
  /** At how many pictures a second to play it; each is a case. */
  readonly rates: readonly number[];
  /** At least one. */
  readonly framings: readonly Framing[];
  readonly due: readonly Due[];
  readonly says: readonly DueNotice[];
  /**
   * All pictures in order: number k shows the film at k / framesPerSecond. Each is the caller's own
   * until the next is asked for.
   */
  pictures(framesPerSecond: number): Iterable<FilmPicture>;
}

/** The framing that shows all of a film. */
export function wholePicture({ width, height }: Pick<Film, 'width' | 'height'>): Framing {
  return { width, height, left: 0, top: 0 };
}

/** As on a command line of X11: width×height+left+top. */
export function framingName({ width, height, left, top }: Framing): string {
  return `${width}x${height}+${left}+${top}`;
}

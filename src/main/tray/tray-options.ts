import type { Corner } from './outside.ts';

export interface TrayOptions {
  /** How long a thing must lie still, and at least one picture. Default 60: three pictures at 30 fps. */
  readonly stillMs: number;
  /** The same close to an arm that moved lately, so that no part of a hand counts. Default 200. */
  readonly stillNearArmMs: number;
  /** The same for what reaches widely over the picture's border, as an arm does. Default 1500. */
  readonly armPatienceMs: number;
  /** The same where no hand was seen to let go of it, as of an arm that rests. Default 8000. */
  readonly restingArmMs: number;
  /** The same for what just touches the border: it may be an arm of which little is seen. Default 300. */
  readonly stillAtBorderMs: number;
  /** Contact with the border that makes an arm, as a part of the picture's shorter side. Default 0.08. */
  readonly armContact: number;
  /** Smallest change that can be an item, as a part of the picture's area. Default 0.008. */
  readonly minArea: number;
  /** How long a removal waits for its item to be put down again. Default 1200. */
  readonly putBackMs: number;
  /** Time in which slow changes are taken into the accepted picture. Default 5000. */
  readonly adaptMs: number;
  /** Pictures without any noise for so long, from a camera that has some, mean it is stuck. Default 3000. */
  readonly frozenMs: number;
  /** The same from a camera that never had any, as one that hung before its first picture. Default 4000. */
  readonly stillFrozenMs: number;
  /**
   * What is there from one picture to the next, with no hand near, is light. Default true; false where
   * the pictures are poses and no film.
   */
  readonly suddenIsLight: boolean;
  /**
   * The tray's corners in order round it, in fractions of the picture: nothing counts that lies mostly
   * outside. Default null: the tray is all that the camera sees.
   */
  readonly corners: readonly Corner[] | null;
}

export const defaultOptions: TrayOptions = {
  stillMs: 60,
  stillNearArmMs: 200,
  armPatienceMs: 1500,
  stillAtBorderMs: 300,
  armContact: 0.08,
  minArea: 0.008,
  putBackMs: 1200,
  adaptMs: 5000,
  frozenMs: 3000,
  stillFrozenMs: 4000,
  suddenIsLight: true,
  corners: null,
  restingArmMs: 8000,
};

import type { Corner } from '../outside.ts';

export interface SegmentedTrayOptions {
  /** Smallest thing, as a part of the picture's area. Default 0.006. */
  readonly minArea: number;
  /** How long a thing must lie still. Default 100. */
  readonly stillMs: number;
  /** The same for what lay still before the hand left it: it is not thrown, and does not roll. Default 60. */
  readonly laidMs: number;
  /** The same where the camera shakes. Default 300. */
  readonly roughMs: number;
  /** The same for a part of what hangs together: a seam in one thing does not stay. Default 300. */
  readonly partedMs: number;
  /** How long no person may have been near it. Default 60. */
  readonly freeMs: number;
  /** The same for what a hand has laid down. Default 30. */
  readonly laidFreeMs: number;
  /** Both for what touches the picture's border: more of it may follow. Default 300. */
  readonly atBorderMs: number;
  /** How long what the model is in doubt of must lie still. Default 3000. */
  readonly doubtMs: number;
  /** How long a placement must have been gone. Default 150. */
  readonly goneMs: number;
  /** How long a removal waits for its thing to be put down again, where somebody is about. Default 1200. */
  readonly putBackMs: number;
  /** Time in which the accepted picture follows the light. Default 1500. */
  readonly adaptMs: number;
  /** As the rules' `corners`. Default null: the tray is all that the camera sees. */
  readonly corners: readonly Corner[] | null;
}

export const defaultSegmentedTrayOptions: SegmentedTrayOptions = {
  minArea: 0.006,
  stillMs: 100,
  laidMs: 60,
  roughMs: 300,
  partedMs: 300,
  freeMs: 60,
  laidFreeMs: 30,
  atBorderMs: 300,
  doubtMs: 3000,
  goneMs: 150,
  putBackMs: 1200,
  adaptMs: 1500,
  corners: null,
};

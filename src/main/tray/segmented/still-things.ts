import type { AddedThing } from '../segmenter/added-things.ts';

/** An added thing, from picture to picture. */
export interface StillThing {
  readonly thing: AddedThing;
  /** Since when it lies where it lies. */
  readonly stillSinceMs: number;
  /** Since when no person is near; infinite while one is. */
  readonly freeSinceMs: number;
  /** Where it was when it came to lie still: a slow move is one, too. */
  readonly anchor: AddedThing;
  /** Since when it lies there but for what a camera shakes by, and where it was then. */
  readonly roughlySinceMs: number;
  readonly roughAnchor: AddedThing;
  readonly isAnnounced: boolean;
}

/** An edge may be told a pixel aside from picture to picture. */
const EDGE_PIXELS = 2;
/** The middle of many pixels is steadier than their edge. */
const MIDDLE_PIXELS = 0.8;
const AREA_SHARE = 0.12;
/** By how many times that a camera's shake moves a thing that lies still. */
const SHAKEN = 2;

/** What lies still of the things of now, by those of the picture before. */
export function followStill(
  before: readonly StillThing[],
  now: readonly AddedThing[],
  nowMs: number,
): readonly StillThing[] {
  return now.map((thing) => {
    const known = before.find(({ anchor }) => isAtOnePlace(anchor, thing, 1));
    const roughly =
      known ?? before.find(({ roughAnchor }) => isAtOnePlace(roughAnchor, thing, SHAKEN));
    return {
      thing,
      anchor: known?.anchor ?? thing,
      stillSinceMs: known?.stillSinceMs ?? nowMs,
      roughAnchor: roughly?.roughAnchor ?? thing,
      roughlySinceMs: roughly?.roughlySinceMs ?? nowMs,
      freeSinceMs: roughly?.freeSinceMs ?? Infinity,
      isAnnounced: known?.isAnnounced ?? false,
    };
  });
}

function isAtOnePlace(one: AddedThing, other: AddedThing, slack: number): boolean {
  return (
    Math.hypot(one.middleX - other.middleX, one.middleY - other.middleY) <= MIDDLE_PIXELS * slack &&
    Math.abs(one.left - other.left) <= EDGE_PIXELS * slack &&
    Math.abs(one.right - other.right) <= EDGE_PIXELS * slack &&
    Math.abs(one.top - other.top) <= EDGE_PIXELS * slack &&
    Math.abs(one.bottom - other.bottom) <= EDGE_PIXELS * slack &&
    Math.abs(one.pixels - other.pixels) <= AREA_SHARE * slack * other.pixels
  );
}

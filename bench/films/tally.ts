/** Counts of what was right and wrong; they add up over framings and films. */
export interface Tally {
  placementsDue: number;
  placementsMissed: number;
  placementsLate: number;
  doubled: number;
  placedFalse: number;
  /** Boxes of more than 1.5 times the thing's width or height. */
  wide: number;
  removalsDue: number;
  removalsMissed: number;
  removalsLate: number;
  removedFalse: number;
  /** A removal and a placement were due, and the tray said that the thing moved: both are missed. */
  swapsTakenForMoves: number;
  /** The same, but the tray was not sure, so that what lies there is looked at: neither is missed. */
  swapsAsked: number;
  /** All other moves. */
  moved: number;
  /** Placements, right or not, of which the tray was not sure. */
  unsure: number;
  noticesDue: number;
  noticesMissed: number;
  /** What was said of its sight, of another reason than is due. */
  noticesFalse: number;
}

export function emptyTally(): Tally {
  return {
    placementsDue: 0,
    placementsMissed: 0,
    placementsLate: 0,
    doubled: 0,
    placedFalse: 0,
    wide: 0,
    removalsDue: 0,
    removalsMissed: 0,
    removalsLate: 0,
    removedFalse: 0,
    swapsTakenForMoves: 0,
    swapsAsked: 0,
    moved: 0,
    unsure: 0,
    noticesDue: 0,
    noticesMissed: 0,
    noticesFalse: 0,
  };
}

export function addTally(sum: Tally, part: Tally): void {
  for (const key of Object.keys(sum) as (keyof Tally)[]) sum[key] += part[key];
}

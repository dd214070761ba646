/**
 * What the tray said of a film, against what a person sees in it.
 *
 *   placed    right from fromS to freeS + 0.5 s, then late up to freeS + 5 s, then missed
 *   removed   right within 1.5 s of freeS, then late up to freeS + 5 s, then missed
 *
 * First each due takes an event of its own, those in time before those that are late. Then what is left
 * of the events is doubled, false, or at a thing that this framing cuts, which is not judged. A removal
 * must name a placement of its thing; where the thing was missed, its removal is not due. To remove what
 * was false or doubled is right at any time: it mends the cart.
 */
import type { TrayEvent } from '../../src/main/tray/tray.ts';
import { assign } from './assign.ts';
import { areAtOneThing, boxName, boxOf, liesInside, sharedPart, shownPart } from './box.ts';
import type { Box, Due, Film, Framing } from './film.ts';
import { judgeNotices, noticesIn } from './score-notices.ts';
import { emptyTally } from './tally.ts';
import type { Tally } from './tally.ts';

export interface Fault {
  readonly atS: number;
  readonly what: string;
}

export interface Score {
  readonly tally: Tally;
  readonly faults: readonly Fault[];
}

const placedInTimeS = 0.5;
const removedInTimeS = 1.5;
const lateS = 5;
/** A thing nearer to a framing's edge is not judged, in the film's pixels. */
const edgePixels = 8;
const widest = 1.5;
/** What a time in seconds may be off by. */
const roundingS = 0.001;

type PlacedDue = Extract<Due, { kind: 'placed' }>;
type RemovedDue = Extract<Due, { kind: 'removed' }>;

/** What the tray said of one thing. */
interface Told {
  readonly kind: 'placed' | 'moved' | 'removed';
  readonly id: string;
  readonly atS: number;
  readonly box: Box;
  readonly unsure: boolean;
}

/** A placement that is due, and what became of it. */
interface Placement {
  readonly due: PlacedDue;
  readonly isJudged: boolean;
  told: Told | null;
  /** A move was said of it that does no harm, instead of a placement. */
  isSettled: boolean;
  /** All placements that were said of it. */
  readonly ids: Set<string>;
  removal: Removal | null;
}

interface Removal {
  readonly due: RemovedDue;
  readonly placement: Placement;
  told: Told | null;
  /** A move was said instead, and is judged as such. */
  move: 'taken for a move' | 'asked' | 'the same thing' | null;
}

/** Judges what the tray said of a film in a framing. */
export function scoreFilm(
  film: Pick<Film, 'due' | 'says'>,
  framing: Framing,
  events: readonly TrayEvent[],
): Score {
  const tally = emptyTally();
  const faults: Fault[] = [];
  const told = events.flatMap((event) => toldBy(event, framing));
  const { placements, removals } = dueIn(film, framing);
  const judged = placements.filter(({ isJudged }) => isJudged);
  const loose = new Set<string>();

  const placed = told.filter(({ kind }) => kind === 'placed');
  const unclaimed = takePlacements(judged, placed);
  for (const one of unclaimed) {
    const isCut = placements.some(({ due, isJudged }) => !isJudged && isAt(one, due, framing));
    const twin = judged.find((placement) => isAgain(one, placement));
    if (isCut) loose.add(one.id);
    else if (twin !== undefined) {
      twin.ids.add(one.id);
      tally.doubled += 1;
      faults.push({ atS: one.atS, what: `doubled: ${toldName(one)}, ${dueName(twin.due)}` });
    } else {
      loose.add(one.id);
      tally.placedFalse += 1;
      faults.push({ atS: one.atS, what: `false: ${toldName(one)}` });
    }
  }

  for (const move of told.filter(({ kind }) => kind === 'moved')) {
    const swap = takeMove(move, judged, removals);
    if (swap === 'taken for a move') {
      tally.swapsTakenForMoves += 1;
      faults.push({ atS: move.atS, what: `swap taken for a move: ${toldName(move)}` });
    } else if (swap === 'asked') tally.swapsAsked += 1;
    else if (swap === null && !loose.has(move.id)) {
      tally.moved += 1;
      faults.push({ atS: move.atS, what: `moved: ${toldName(move)}` });
    }
  }

  // What is cut or was missed has no placements.
  const dueRemovals = removals.filter(
    ({ placement, move }) => placement.ids.size > 0 || move !== null,
  );
  const left = takeRemovals(
    dueRemovals,
    told.filter(({ kind }) => kind === 'removed'),
  );
  for (const one of left) {
    if (loose.has(one.id) || placements.some((placement) => isMended(one, placement))) continue;
    tally.removedFalse += 1;
    faults.push({ atS: one.atS, what: `false: ${toldName(one)}` });
  }

  for (const placement of judged) {
    const { due, told: by } = placement;
    tally.placementsDue += 1;
    if (by === null) {
      if (placement.isSettled) continue;
      tally.placementsMissed += 1;
      faults.push({ atS: due.freeS, what: `missed: ${dueName(due)}; ${came(told, due)}` });
      continue;
    }
    if (by.atS > due.freeS + placedInTimeS + roundingS) {
      tally.placementsLate += 1;
      faults.push({ atS: by.atS, what: `late: ${toldName(by)}, ${dueName(due)}` });
    }
    if (due.box !== null && isWide(by.box, due.box)) {
      tally.wide += 1;
      faults.push({ atS: by.atS, what: `wide: ${toldName(by)}, ${dueName(due)}` });
    }
  }
  for (const { due, told: by, move } of dueRemovals) {
    tally.removalsDue += 1;
    if (by === null) {
      if (move === 'asked' || move === 'the same thing') continue;
      tally.removalsMissed += 1;
      faults.push({ atS: due.freeS, what: `missed: ${dueName(due)}; ${came(told, due)}` });
    } else if (by.atS > due.freeS + removedInTimeS + roundingS) {
      tally.removalsLate += 1;
      faults.push({ atS: by.atS, what: `late: ${toldName(by)}, ${dueName(due)}` });
    }
  }
  tally.unsure = placed.filter(({ unsure }) => unsure).length;

  const { missed, notDue } = judgeNotices(film.says, noticesIn(events));
  tally.noticesDue = film.says.length;
  tally.noticesMissed = missed.length;
  tally.noticesFalse = notDue.length;
  for (const { reason, fromS } of missed) {
    faults.push({ atS: fromS, what: `not said: ${reason} from ${fromS.toFixed(2)} s` });
  }
  for (const { reason, fromS, untilS } of notDue) {
    faults.push({ atS: fromS, what: `said: ${reason} until ${untilS.toFixed(2)} s` });
  }
  return { tally, faults: faults.toSorted((one, other) => one.atS - other.atS) };
}

function toldBy(event: TrayEvent, framing: Framing): readonly Told[] {
  if (event.kind !== 'placed' && event.kind !== 'moved' && event.kind !== 'removed') return [];
  return [
    {
      kind: event.kind,
      id: event.placementId,
      atS: event.atMs / 1000,
      box: boxOf(event.region, framing),
      unsure: event.kind !== 'removed' && event.unsure === true,
    },
  ];
}

function dueIn(
  { due }: Pick<Film, 'due'>,
  framing: Framing,
): { placements: readonly Placement[]; removals: readonly Removal[] } {
  const placements: Placement[] = [];
  const removals: Removal[] = [];
  for (const one of due.toSorted((a, b) => a.freeS - b.freeS)) {
    if (one.kind === 'placed') {
      const isJudged = one.box === null || liesInside(one.box, framing, edgePixels);
      placements.push({
        due: one,
        isJudged,
        told: null,
        isSettled: false,
        ids: new Set(),
        removal: null,
      });
      continue;
    }
    // What was there from the start has no placement, and its removal cannot be told.
    const placement = placements.findLast(
      ({ due, removal }) => removal === null && isOfOneThing(one, due),
    );
    if (placement === undefined) continue;
    const removal: Removal = { due: one, placement, told: null, move: null };
    placement.removal = removal;
    removals.push(removal);
  }
  return { placements, removals };
}

function isOfOneThing(removed: RemovedDue, placed: PlacedDue): boolean {
  if (removed.thing !== null || placed.thing !== null) return removed.thing === placed.thing;
  if (removed.box === null || placed.box === null) return true;
  return areAtOneThing(removed.box, placed.box);
}

/** Gives each placement an event, in time or late; the rest is left over. */
function takePlacements(placements: readonly Placement[], told: readonly Told[]): readonly Told[] {
  let free = told;
  for (const [fromS, untilS] of [
    [0, placedInTimeS],
    [placedInTimeS, lateS],
  ] as const) {
    const open = placements.filter((placement) => placement.told === null);
    const wishes = open.map(({ due, removal }) => {
      const from = fromS === 0 ? due.fromS : due.freeS + fromS;
      const until = Math.min(due.freeS + untilS, removal?.due.freeS ?? Infinity);
      const fit = (one: Told): number => (due.box === null ? 0 : sharedArea(one.box, due.box));
      return [...free.keys()]
        .filter((index) => {
          const one = free[index];
          return one !== undefined && isWithin(one.atS, from, until) && isAtBox(one, due.box);
        })
        .toSorted((a, b) => fit(free[b]!) - fit(free[a]!));
    });
    for (const [index, given] of assign(wishes).entries()) {
      const placement = open[index];
      const one = given === null ? undefined : free[given];
      if (placement === undefined || one === undefined) continue;
      placement.told = one;
      placement.ids.add(one.id);
    }
    free = free.filter((one) => placements.every((placement) => placement.told !== one));
  }
  return free;
}

/**
 * Whether a move is said of a thing that was taken while another was laid down, or laid down again
 * itself; then the removal is settled by it.
 */
function takeMove(
  move: Told,
  placements: readonly Placement[],
  removals: readonly Removal[],
): Removal['move'] {
  const removal = removals.find(
    (one) =>
      one.placement.ids.has(move.id) &&
      one.move === null &&
      isWithin(move.atS, one.due.freeS - removedInTimeS, one.due.freeS + lateS),
  );
  if (removal === undefined) return null;
  const laid = placements.find(
    ({ due, told, isSettled }) =>
      told === null &&
      !isSettled &&
      isWithin(move.atS, due.fromS, due.freeS + lateS) &&
      isAtBox(move, due.box),
  );
  if (laid === undefined) return null;
  const { thing } = removal.due;
  const isSame = thing !== null && thing === laid.due.thing;
  removal.move = isSame ? 'the same thing' : move.unsure ? 'asked' : 'taken for a move';
  removal.placement.ids.delete(move.id);
  laid.ids.add(move.id);
  laid.isSettled = removal.move !== 'taken for a move';
  return removal.move;
}

/** Gives each removal an event of its thing, in time or late; the rest is left over. */
function takeRemovals(removals: readonly Removal[], told: readonly Told[]): readonly Told[] {
  let free = told;
  for (const [fromS, untilS] of [
    [-removedInTimeS, removedInTimeS],
    [removedInTimeS, lateS],
  ] as const) {
    const open = removals.filter((removal) => removal.told === null && removal.move === null);
    const wishes = open.map(({ due, placement }) =>
      [...free.keys()].filter((index) => {
        const one = free[index];
        return (
          one !== undefined &&
          placement.ids.has(one.id) &&
          isWithin(one.atS, due.freeS + fromS, due.freeS + untilS)
        );
      }),
    );
    for (const [index, given] of assign(wishes).entries()) {
      const removal = open[index];
      const one = given === null ? undefined : free[given];
      if (removal !== undefined && one !== undefined) removal.told = one;
    }
    free = free.filter((one) => removals.every((removal) => removal.told !== one));
  }
  return free;
}

/** Whether an event lies at a thing, as far as the framing shows it. */
function isAt(told: Told, { box }: Due, framing: Framing): boolean {
  const shown = box === null ? null : shownPart(box, framing);
  return shown !== null && areAtOneThing(told.box, shown);
}

function isAtBox(told: Told, box: Box | null): boolean {
  return box === null || areAtOneThing(told.box, box);
}

/** Whether a thing that lies there and was told is told once more. */
function isAgain({ atS, box }: Told, { due, told, removal }: Placement): boolean {
  const untilS = removal === null ? Infinity : removal.due.freeS;
  if (told === null || !isWithin(atS, due.fromS, untilS)) return false;
  return areAtOneThing(box, told.box) || (due.box !== null && areAtOneThing(box, due.box));
}

/** Whether it only takes out of the cart what should not be there any more. */
function isMended({ id, atS }: Told, { ids, told, removal }: Placement): boolean {
  if (!ids.has(id)) return false;
  if (told !== null && told.id !== id) return true;
  return removal !== null && atS > removal.due.freeS;
}

function isWide(told: Box, due: Box): boolean {
  return (
    told.right - told.left > widest * (due.right - due.left) ||
    told.bottom - told.top > widest * (due.bottom - due.top)
  );
}

/** Of both boxes together, how much they share; the nearest is the best. */
function sharedArea(one: Box, other: Box): number {
  const area = ({ left, top, right, bottom }: Box): number => (right - left) * (bottom - top);
  const shared = sharedPart(one, other) * Math.min(area(one), area(other));
  return shared / (area(one) + area(other) - shared);
}

function isWithin(atS: number, fromS: number, untilS: number): boolean {
  return atS >= fromS - roundingS && atS <= untilS + roundingS;
}

function toldName({ kind, id, atS, box, unsure }: Told): string {
  return `${kind}${unsure ? '?' : ''} ${id} at ${atS.toFixed(2)} s ${boxName(box)}`;
}

function dueName(due: Due): string {
  const when =
    due.kind === 'placed'
      ? `${due.fromS.toFixed(2)}–${due.freeS.toFixed(2)} s`
      : `${due.freeS.toFixed(2)} s`;
  const where = due.box === null ? '' : ` ${boxName(due.box)}`;
  return `due ${due.kind} ${due.thing ?? 'a thing'} ${when}${where}`;
}

/** What came about the time at which something was due. */
function came(told: readonly Told[], due: Due): string {
  const fromS = due.kind === 'placed' ? due.fromS - 1 : due.freeS - removedInTimeS;
  const near = told.filter(({ atS }) => isWithin(atS, fromS, due.freeS + lateS));
  return near.length === 0 ? 'nothing came' : `came ${near.map(toldName).join(', ')}`;
}

import { describe, expect, test } from 'vitest';
import type { TrayEvent } from '../../src/main/tray/tray.ts';
import type { Box, Due, DueNotice, Framing } from './film.ts';
import { scoreFilm } from './score.ts';
import { emptyTally } from './tally.ts';
import type { Tally } from './tally.ts';

/** A film of 100×100 pixels, so that a region's fractions are hundredths. */
const whole: Framing = { width: 100, height: 100, left: 0, top: 0 };

const here: Box = { left: 20, top: 20, right: 40, bottom: 40 };
const there: Box = { left: 60, top: 60, right: 80, bottom: 80 };

function toPlace(thing: string, fromS: number, freeS: number, box: Box | null = here): Due {
  return { kind: 'placed', thing, fromS, freeS, box };
}

function toRemove(thing: string, freeS: number, box: Box | null = here): Due {
  return { kind: 'removed', thing, freeS, box };
}

function regionOf({ left, top, right, bottom }: Box, framing = whole) {
  return {
    left: (left - framing.left) / framing.width,
    top: (top - framing.top) / framing.height,
    width: (right - left) / framing.width,
    height: (bottom - top) / framing.height,
  };
}

function placed(placementId: string, atS: number, box = here, unsure?: boolean): TrayEvent {
  const atMs = atS * 1000;
  return {
    kind: 'placed',
    placementId,
    region: regionOf(box),
    atMs,
    stillSinceMs: atMs,
    ...(unsure && { unsure }),
  };
}

function moved(placementId: string, atS: number, box = there, unsure?: boolean): TrayEvent {
  const region = regionOf(box);
  return { kind: 'moved', placementId, region, atMs: atS * 1000, ...(unsure && { unsure }) };
}

function removed(placementId: string, atS: number, box = here): TrayEvent {
  return { kind: 'removed', placementId, region: regionOf(box), atMs: atS * 1000 };
}

interface Case {
  readonly what: string;
  readonly due: readonly Due[];
  readonly said: readonly TrayEvent[];
  readonly says?: readonly DueNotice[];
  readonly framing?: Framing;
  /** All that is not zero. */
  readonly tally: Partial<Tally>;
}

function check({ due, said, says = [], framing = whole, tally }: Case): void {
  const score = scoreFilm({ due, says }, framing, said);
  expect(score.tally).toEqual({ ...emptyTally(), ...tally });
  const harmless = ['placementsDue', 'removalsDue', 'noticesDue', 'unsure', 'swapsAsked'];
  const faults = Object.entries(score.tally)
    .filter(([name]) => !harmless.includes(name))
    .reduce((sum, [, count]) => sum + count, 0);
  expect(score.faults).toHaveLength(faults);
}

const apple = toPlace('apple', 1, 2);

describe('a placement', () => {
  test.each<Case>([
    { what: 'while the hand holds it', due: [apple], said: [placed('p1', 1)], tally: {} },
    { what: 'half a second later', due: [apple], said: [placed('p1', 2.5)], tally: {} },
    {
      what: 'later than that',
      due: [apple],
      said: [placed('p1', 2.51)],
      tally: { placementsLate: 1 },
    },
    {
      what: 'five seconds later',
      due: [apple],
      said: [placed('p1', 7)],
      tally: { placementsLate: 1 },
    },
    {
      what: 'later than five seconds',
      due: [apple],
      said: [placed('p1', 7.01)],
      tally: { placementsMissed: 1, placedFalse: 1 },
    },
    { what: 'never', due: [apple], said: [], tally: { placementsMissed: 1 } },
    {
      what: 'before the hand was there',
      due: [apple],
      said: [placed('p1', 0.99)],
      tally: { placementsMissed: 1, placedFalse: 1 },
    },
    {
      what: 'elsewhere',
      due: [apple],
      said: [placed('p1', 2, there)],
      tally: { placementsMissed: 1, placedFalse: 1 },
    },
    {
      what: 'twice',
      due: [apple],
      said: [placed('p1', 2), placed('p2', 6)],
      tally: { doubled: 1 },
    },
    {
      what: 'and something else',
      due: [apple],
      said: [placed('p1', 2), placed('p2', 6, there)],
      tally: { placedFalse: 1 },
    },
    {
      what: 'of which the tray is not sure',
      due: [apple],
      said: [placed('p1', 2, here, true)],
      tally: { unsure: 1 },
    },
  ])('$what', (one) => check({ ...one, tally: { placementsDue: 1, ...one.tally } }));

  test('takes the event in time and leaves the late one to the other', () => {
    check({
      what: '',
      due: [toPlace('apple', 1, 2, null), toPlace('pear', 4, 5, null)],
      said: [placed('p1', 4.5)],
      tally: { placementsDue: 2, placementsMissed: 1 },
    });
  });

  test('of a thing that is gone is none of it', () => {
    check({
      what: '',
      due: [apple, toRemove('apple', 3)],
      said: [placed('p1', 4)],
      tally: { placementsDue: 1, placementsMissed: 1, placedFalse: 1 },
    });
  });

  test('where another was, that is gone, is false and not doubled', () => {
    check({
      what: '',
      due: [apple, toRemove('apple', 3)],
      said: [placed('p1', 2), removed('p1', 3), placed('p2', 3.5)],
      tally: { placementsDue: 1, removalsDue: 1, placedFalse: 1 },
    });
  });

  test('two at one moment are told apart by their places', () => {
    const due = [apple, toPlace('pear', 1, 2, there)];
    check({
      what: '',
      due,
      said: [placed('p1', 2, there), placed('p2', 2, here)],
      tally: { placementsDue: 2 },
    });
    const both: Box = { left: 20, top: 20, right: 80, bottom: 80 };
    check({
      what: '',
      due,
      said: [placed('p1', 2, both)],
      tally: { placementsDue: 2, placementsMissed: 1, wide: 1 },
    });
  });

  test('two that lie half on each other are told apart by what fits best', () => {
    const lower: Box = { left: 20, top: 30, right: 40, bottom: 50 };
    check({
      what: '',
      due: [apple, toPlace('pear', 1, 2, lower), toRemove('pear', 8, lower)],
      said: [placed('p1', 2, lower), placed('p2', 2, here), removed('p1', 8, lower)],
      tally: { placementsDue: 2, removalsDue: 1 },
    });
  });

  test('of a part of the thing and then of another part is doubled', () => {
    check({
      what: '',
      due: [apple],
      said: [placed('p1', 2, { ...here, right: 28 }), placed('p2', 3, { ...here, left: 30 })],
      tally: { placementsDue: 1, doubled: 1 },
    });
  });
});

describe('a box', () => {
  test.each([
    { right: 50, bottom: 50, wide: 0 },
    { right: 50.2, bottom: 50, wide: 1 },
    { right: 50, bottom: 50.2, wide: 1 },
  ])('to $right, $bottom', ({ right, bottom, wide }) => {
    check({
      what: '',
      due: [apple],
      said: [placed('p1', 2, { ...here, right, bottom })],
      tally: { placementsDue: 1, wide },
    });
  });
});

describe('a removal', () => {
  test.each<Case>([
    { what: 'at once', due: [], said: [removed('p1', 8)], tally: {} },
    { what: '1.5 s before', due: [], said: [removed('p1', 6.5)], tally: {} },
    {
      what: 'earlier',
      due: [],
      said: [removed('p1', 6.49)],
      tally: { removalsMissed: 1, removedFalse: 1 },
    },
    { what: '1.5 s after', due: [], said: [removed('p1', 9.5)], tally: {} },
    { what: 'later', due: [], said: [removed('p1', 9.51)], tally: { removalsLate: 1 } },
    { what: '5 s after', due: [], said: [removed('p1', 13)], tally: { removalsLate: 1 } },
    // It is in the cart no more, and that it was for too long is counted.
    { what: 'later still', due: [], said: [removed('p1', 13.01)], tally: { removalsMissed: 1 } },
    { what: 'never', due: [], said: [], tally: { removalsMissed: 1 } },
    {
      what: 'of another thing',
      due: [toPlace('pear', 3, 4, there)],
      said: [placed('p2', 4, there), removed('p2', 8, there)],
      tally: { placementsDue: 2, removalsMissed: 1, removedFalse: 1 },
    },
  ])('$what', ({ due, said, ...one }) => {
    check({
      ...one,
      due: [apple, toRemove('apple', 8), ...due],
      said: [placed('p1', 2), ...said],
      tally: { placementsDue: 1, removalsDue: 1, ...one.tally },
    });
  });

  test('of a thing that was missed is not due', () => {
    check({
      what: '',
      due: [apple, toRemove('apple', 8)],
      said: [],
      tally: { placementsDue: 1, placementsMissed: 1 },
    });
  });

  test('of what nobody took is false', () => {
    check({
      what: '',
      due: [apple],
      said: [placed('p1', 2), removed('p1', 8)],
      tally: { placementsDue: 1, removedFalse: 1 },
    });
  });

  test('of what was false or doubled mends it', () => {
    check({
      what: '',
      due: [apple],
      said: [placed('p1', 2), placed('p2', 3), placed('p3', 4, there), removed('p2', 5)].concat(
        removed('p3', 6, there),
      ),
      tally: { placementsDue: 1, doubled: 1, placedFalse: 1 },
    });
  });

  test('goes by the name of the thing, and by its last placement', () => {
    check({
      what: '',
      due: [apple, toRemove('apple', 4), toPlace('apple', 6, 7, there), toRemove('apple', 9)],
      said: [placed('p1', 2), removed('p1', 4), placed('p2', 7, there), removed('p2', 9)],
      tally: { placementsDue: 2, removalsDue: 2 },
    });
  });

  test('goes by the place where things have no names', () => {
    const nameless = (due: Due): Due => ({ ...due, thing: null });
    check({
      what: '',
      due: [apple, toPlace('pear', 3, 4, there), toRemove('pear', 8, here)].map(nameless),
      said: [placed('p1', 2), placed('p2', 4, there), removed('p2', 8, there)],
      tally: { placementsDue: 2, removalsDue: 1, removalsMissed: 1, removedFalse: 1 },
    });
  });
});

describe('a removal from a pile', () => {
  test('without names is of what was laid down last', () => {
    const nameless = (due: Due): Due => ({ ...due, thing: null });
    const pile = [apple, toPlace('pear', 3, 4), toRemove('pear', 8), toRemove('apple', 10)];
    check({
      what: '',
      due: pile.map(nameless),
      said: [placed('p1', 2), placed('p2', 4), removed('p2', 8), removed('p1', 10)],
      tally: { placementsDue: 2, removalsDue: 2 },
    });
    check({
      what: '',
      due: pile.slice(0, 3).map(nameless),
      said: [placed('p1', 2), placed('p2', 4), removed('p1', 8)],
      tally: { placementsDue: 2, removalsDue: 1, removalsMissed: 1, removedFalse: 1 },
    });
  });
});

describe('a move', () => {
  const swap = [apple, toRemove('apple', 8), toPlace('pear', 8, 9, there)];

  test('is counted by itself', () => {
    check({
      what: '',
      due: [apple],
      said: [placed('p1', 2), moved('p1', 8)],
      tally: { placementsDue: 1, moved: 1 },
    });
  });

  test('that was a swap is a missed removal and a missed placement', () => {
    check({
      what: '',
      due: swap,
      said: [placed('p1', 2), moved('p1', 9)],
      tally: {
        placementsDue: 2,
        removalsDue: 1,
        placementsMissed: 1,
        removalsMissed: 1,
        swapsTakenForMoves: 1,
      },
    });
  });

  test('that was a swap, and of which the tray is not sure, is asked', () => {
    check({
      what: '',
      due: swap,
      said: [placed('p1', 2), moved('p1', 9, there, true)],
      tally: { placementsDue: 2, removalsDue: 1, swapsAsked: 1 },
    });
  });

  test('is the new thing from then on', () => {
    check({
      what: '',
      due: [...swap, toRemove('pear', 12, there)],
      said: [placed('p1', 2), moved('p1', 9), removed('p1', 12, there)],
      tally: {
        placementsDue: 2,
        removalsDue: 2,
        placementsMissed: 1,
        removalsMissed: 1,
        swapsTakenForMoves: 1,
      },
    });
  });

  test('that was a swap leaves nothing of the old thing', () => {
    const missed = {
      placementsDue: 2,
      removalsDue: 1,
      placementsMissed: 1,
      removalsMissed: 1,
      swapsTakenForMoves: 1,
    };
    check({
      what: '',
      due: swap,
      said: [placed('p1', 2), moved('p1', 9), removed('p1', 12, there)],
      tally: { ...missed, removedFalse: 1 },
    });
    const twice = [placed('p1', 2), placed('p2', 3), moved('p1', 9)];
    check({
      what: '',
      due: swap,
      said: [...twice, moved('p2', 9.1)],
      tally: { ...missed, doubled: 1, moved: 1 },
    });
    check({
      what: '',
      due: swap,
      said: [...twice, removed('p2', 9)],
      tally: { ...missed, doubled: 1 },
    });
  });

  test.each([
    { what: 'another thing', move: moved('p2', 9) },
    { what: 'it, before the other was there', move: moved('p1', 7.9) },
  ])('of $what is no swap', ({ move }) => {
    check({
      what: '',
      due: [...swap, toPlace('plum', 3, 4, { left: 60, top: 20, right: 80, bottom: 40 })],
      said: [placed('p1', 2), placed('p2', 4, { left: 60, top: 20, right: 80, bottom: 40 }), move],
      tally: {
        placementsDue: 3,
        removalsDue: 1,
        placementsMissed: 1,
        removalsMissed: 1,
        moved: 1,
      },
    });
  });

  test('of what was false is not counted again', () => {
    check({
      what: '',
      due: [],
      said: [placed('p1', 2), moved('p1', 3)],
      tally: { placedFalse: 1 },
    });
  });

  test('elsewhere than what was laid down is no swap', () => {
    const elsewhere: Box = { left: 20, top: 60, right: 40, bottom: 80 };
    check({
      what: '',
      due: swap,
      said: [placed('p1', 2), moved('p1', 9, elsewhere)],
      tally: {
        placementsDue: 2,
        removalsDue: 1,
        placementsMissed: 1,
        removalsMissed: 1,
        moved: 1,
      },
    });
  });

  test('of what was taken and laid down again is right', () => {
    check({
      what: '',
      due: [apple, toRemove('apple', 8), toPlace('apple', 8, 9, there)],
      said: [placed('p1', 2), moved('p1', 9)],
      tally: { placementsDue: 2, removalsDue: 1 },
    });
  });
});

describe('a framing', () => {
  const cut: Framing = { width: 80, height: 100, left: 13, top: 0 };
  const inCut = (event: TrayEvent): TrayEvent => {
    if (!('region' in event)) return event;
    const { left, width } = event.region;
    const region = { ...event.region, left: (left * 100 - 13) / 80, width: (width * 100) / 80 };
    return { ...event, region } as TrayEvent;
  };

  test('does not judge what is nearer to its edge than 8 pixels', () => {
    const due = [apple, toRemove('apple', 5), toPlace('pear', 6, 7, there)];
    const seen = [placed('p1', 0.5), placed('p2', 3), removed('p1', 3), placed('p3', 7, there)];
    for (const said of [seen, seen.slice(3)]) {
      check({ what: '', due, framing: cut, said: said.map(inCut), tally: { placementsDue: 1 } });
    }
  });

  test('judges what is 8 pixels from it', () => {
    const framing = { ...cut, left: 12 };
    check({
      what: '',
      due: [apple],
      framing,
      said: [],
      tally: { placementsDue: 1, placementsMissed: 1 },
    });
  });

  test('judges nothing at the part that it shows of a thing', () => {
    const wide: Box = { left: 0, top: 20, right: 40, bottom: 40 };
    const framing: Framing = { width: 60, height: 100, left: 30, top: 0 };
    const region = regionOf({ left: 30, top: 20, right: 75, bottom: 40 }, framing);
    check({
      what: '',
      due: [toPlace('bread', 1, 2, wide)],
      framing,
      said: [{ kind: 'placed', placementId: 'p1', region, atMs: 2000, stillSinceMs: 2000 }],
      tally: {},
    });
  });

  test('judges what is false beside a thing that it cuts', () => {
    check({
      what: '',
      due: [apple],
      framing: cut,
      said: [inCut(placed('p1', 2, there))],
      tally: { placedFalse: 1 },
    });
  });
});

describe('a notice', () => {
  const dark = (atS: number): TrayEvent => ({ kind: 'blind', reason: 'dark', atMs: atS * 1000 });
  const seeing = (atS: number): TrayEvent => ({ kind: 'seeing', atMs: atS * 1000 });
  const impaired = (atS: number, ...reasons: ('flicker' | 'dim')[]): TrayEvent => ({
    kind: 'impaired',
    reasons,
    atMs: atS * 1000,
  });

  test.each<{ what: string; says: string; said: TrayEvent[]; missed: number; notDue: number }>([
    { what: 'blind in 5 s', says: 'dark', said: [dark(8)], missed: 0, notDue: 0 },
    { what: 'blind later', says: 'dark', said: [dark(8.01)], missed: 1, notDue: 0 },
    { what: 'nothing', says: 'dark', said: [], missed: 1, notDue: 0 },
    { what: 'over by then', says: 'dark', said: [dark(0), seeing(2)], missed: 1, notDue: 0 },
    { what: 'going on', says: 'dark', said: [dark(0), seeing(4)], missed: 0, notDue: 0 },
    { what: 'impaired', says: 'dim', said: [impaired(4, 'dim')], missed: 0, notDue: 0 },
    {
      what: 'impaired by another as well',
      says: 'dim',
      said: [impaired(4, 'flicker'), impaired(5, 'flicker', 'dim')],
      missed: 0,
      notDue: 1,
    },
    {
      what: 'no longer impaired',
      says: 'dim',
      said: [impaired(1, 'dim'), impaired(2)],
      missed: 1,
      notDue: 0,
    },
  ])('$what', ({ says, said, missed, notDue }) => {
    check({
      what: '',
      due: [],
      says: [{ reason: says, fromS: 3 }],
      said,
      tally: { noticesDue: 1, noticesMissed: missed, noticesFalse: notDue },
    });
  });
});

test('faults tell what was due and what came', () => {
  const due = [apple, toPlace('pear', 3, 4, there)];
  const said = [placed('p1', 3, here), placed('p2', 9.5, there)];
  expect(scoreFilm({ due, says: [] }, whole, said).faults).toEqual([
    {
      atS: 3,
      what: 'late: placed p1 at 3.00 s [20 20 40 40], due placed apple 1.00–2.00 s [20 20 40 40]',
    },
    {
      atS: 4,
      what:
        'missed: due placed pear 3.00–4.00 s [60 60 80 80]; ' +
        'came placed p1 at 3.00 s [20 20 40 40]',
    },
    { atS: 9.5, what: 'false: placed p2 at 9.50 s [60 60 80 80]' },
  ]);
});

import { figure, percentile } from '../figure.ts';
import type { Figure } from '../figure.ts';
import type { PictureTimes } from './play-film.ts';
import { addTally, emptyTally } from './tally.ts';
import type { Tally } from './tally.ts';

/** What came of a film, or of all of a kind, at one rate. */
interface Row {
  readonly kind: string;
  readonly framesPerSecond: number;
  readonly tally: Tally;
  readonly tookMs: number[];
  processorMs: number;
  /** How many times it was played: films by framings. */
  plays: number;
}

export interface FilmTable {
  add(kind: string, framesPerSecond: number, tally: Tally, times: PictureTimes): void;
  has(kind: string): boolean;
  figures(): readonly Figure[];
  /** The table in words, its totals last; of one kind alone where that is named. */
  text(kind?: string): string;
}

const columns: Readonly<Record<string, (row: Row) => string | number>> = {
  film: ({ kind }) => kind,
  fps: ({ framesPerSecond }) => framesPerSecond,
  plays: ({ plays }) => plays,
  due: ({ tally }) => tally.placementsDue,
  missed: ({ tally }) => tally.placementsMissed,
  late: ({ tally }) => tally.placementsLate,
  doubled: ({ tally }) => tally.doubled,
  false: ({ tally }) => tally.placedFalse,
  wide: ({ tally }) => tally.wide,
  unsure: ({ tally }) => tally.unsure,
  'removals due': ({ tally }) => tally.removalsDue,
  ' missed': ({ tally }) => tally.removalsMissed,
  ' late': ({ tally }) => tally.removalsLate,
  ' false': ({ tally }) => tally.removedFalse,
  'swap→move': ({ tally }) => tally.swapsTakenForMoves,
  'swap asked': ({ tally }) => tally.swapsAsked,
  moved: ({ tally }) => tally.moved,
  'notices due': ({ tally }) => tally.noticesDue,
  '  missed': ({ tally }) => tally.noticesMissed,
  '  false': ({ tally }) => tally.noticesFalse,
  'cpu ms': ({ processorMs, tookMs }) => (processorMs / tookMs.length).toFixed(2),
  'p95 ms': ({ tookMs }) => percentile(tookMs, 0.95).toFixed(2),
};

export function createFilmTable(): FilmTable {
  const rows = new Map<string, Row>();
  return {
    add(kind, framesPerSecond, tally, { tookMs, processorMs }) {
      const key = `${kind} ${framesPerSecond}`;
      const row = rows.get(key) ?? emptyRow(kind, framesPerSecond);
      rows.set(key, row);
      addTally(row.tally, tally);
      for (const ms of tookMs) row.tookMs.push(ms);
      row.processorMs += processorMs;
      row.plays += 1;
    },
    has: (kind) => [...rows.values()].some((row) => row.kind === kind),
    figures: () => [...rows.values()].flatMap(figuresOf),
    text: (kind) =>
      textOf([...rows.values()].filter((row) => kind === undefined || row.kind === kind)),
  };
}

function emptyRow(kind: string, framesPerSecond: number): Row {
  return { kind, framesPerSecond, tally: emptyTally(), tookMs: [], processorMs: 0, plays: 0 };
}

function figuresOf({ kind, framesPerSecond, tally, plays }: Row): readonly Figure[] {
  const note =
    `${tally.placementsDue} placements and ${tally.removalsDue} removals due, ` +
    `played ${plays} times at ${framesPerSecond} pictures a second`;
  const counts = {
    missed: tally.placementsMissed + tally.removalsMissed,
    late: tally.placementsLate + tally.removalsLate,
    false: tally.placedFalse + tally.removedFalse,
    doubled: tally.doubled,
    wide: tally.wide,
  };
  return Object.entries(counts).map(([name, value]) =>
    figure(`films ${kind} ${framesPerSecond} ${name}`, value, 'items', note),
  );
}

function textOf(rows: readonly Row[]): string {
  const total = rows.reduce(
    (sum, row) => {
      addTally(sum.tally, row.tally);
      for (const ms of row.tookMs) sum.tookMs.push(ms);
      sum.processorMs += row.processorMs;
      sum.plays += row.plays;
      return sum;
    },
    emptyRow('all', 0),
  );
  const lines = (rows.length === 1 ? rows : [...rows, total]).map((row) =>
    Object.values(columns).map((cell) => String(cell(row))),
  );
  const names = Object.keys(columns).map((name) => name.trim());
  const widths = names.map((name, column) =>
    Math.max(name.length, ...lines.map((line) => line[column]?.length ?? 0)),
  );
  return [names, ...lines]
    .map((line) =>
      line
        .map((cell, column) =>
          column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join('  '),
    )
    .join('\n');
}

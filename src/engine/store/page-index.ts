import { one } from './database.ts';
import type { Connection } from './database.ts';

/** Where an image comes in its lists: by time, then by id. */
export type Cursor = readonly [createdAt: string, id: string];

export interface Page {
  readonly order: 'Newest' | 'Oldest';
  readonly take: number;
  readonly skip: number;
}

/** The part of a list in which a page lies. */
export interface PageRange {
  readonly from: Cursor;
  /** What comes first after it. */
  readonly until: Cursor;
  /** So many of it come before the page, in the page's order. */
  readonly skip: number;
}

/** A list is '' for all images of an owner, 'tagged', 'untagged', or those of the tag with this id. */
export interface PageIndex {
  /** Undefined where the list ends before the page. */
  readonly rangeOf: (owner: string, list: string, page: Page) => PageRange | undefined;
  readonly count: (owner: string, list: string) => number;
}

/** Before and after every image. */
const [firstCursor, lastCursor] = [
  ['', ''],
  ['~', '~'],
] as const satisfies readonly Cursor[];

/** Of a list of which nothing is counted, all of it. */
export function wholeRange({ skip }: Page): PageRange {
  return { from: firstCursor, until: lastCursor, skip };
}

interface CountedRange {
  readonly fromAt: string;
  readonly fromId: string;
  readonly untilAt: string;
  readonly untilId: string;
  readonly skip: number;
}

/** ?1 is the owner, ?2 the list, and ?3 the one that is taken off it. */
const counted =
  'FROM list_span CROSS JOIN list_count ON list_count.owner = ?1 AND span = list_span.id ' +
  'AND list IN (?2, ?3) WHERE list_span.owner = ?1';
const countOf = 'SUM(iif(list = ?3, -count, count))';

/** Finds pages by how many images each span of a list has; see `list_span` in the migrations. */
export function createPageIndex(database: Connection): PageIndex {
  const range = (direction: 'ASC' | 'DESC') =>
    database.prepare(
      `WITH counted AS (SELECT span, ${countOf} AS count ${counted} GROUP BY span), ` +
        `summed AS (SELECT *, SUM(count) OVER (ORDER BY span ${direction}) AS reached ` +
        'FROM counted), ' +
        'paged AS (SELECT MIN(span) AS low, MAX(span) AS high, ' +
        '?4 - MIN(reached - count) AS skip ' +
        'FROM summed WHERE reached > ?4 AND reached - count < ?4 + ?5) ' +
        'SELECT low.first_at AS fromAt, low.first_id AS fromId, ' +
        "COALESCE(next.first_at, '~') AS untilAt, COALESCE(next.first_id, '~') AS untilId, skip " +
        'FROM paged JOIN list_span AS low ON low.id = paged.low ' +
        'LEFT JOIN list_span AS next ON next.id = ' +
        '(SELECT MIN(id) FROM list_span WHERE owner = ?1 AND id > paged.high)',
    );
  const sql = {
    Newest: range('DESC'),
    Oldest: range('ASC'),
    count: database.prepare(`SELECT COALESCE(${countOf}, 0) AS count ${counted}`),
  };
  return {
    rangeOf(owner, list, { order, take, skip }) {
      const row = one(sql[order], owner, ...parts(list), skip, take) as CountedRange | undefined;
      return (
        row && {
          from: [row.fromAt, row.fromId],
          until: [row.untilAt, row.untilId],
          skip: row.skip,
        }
      );
    },
    count: (owner, list) => (one(sql.count, owner, ...parts(list)) as { count: number }).count,
  };
}

/** Those without a tag are all but the tagged ones. */
function parts(list: string): readonly [string, string | null] {
  return list === 'untagged' ? ['', 'tagged'] : [list, null];
}

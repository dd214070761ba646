/** A photo with its tags, and what each of two iterations said of it without having learnt it. */
export interface ComparedPhoto {
  readonly tagIds: ReadonlySet<string>;
  /** By tag id. */
  readonly old: ReadonlyMap<string, number>;
  readonly now: ReadonlyMap<string, number>;
}

/** Null where there is nothing to divide by. */
export interface Figures {
  readonly precision: number | null;
  readonly recall: number | null;
}

export interface TagComparison {
  readonly name: string;
  readonly photos: number;
  readonly old: Figures;
  readonly now: Figures;
}

export interface Comparison {
  readonly threshold: number;
  readonly photos: number;
  readonly tags: readonly TagComparison[];
  readonly total: TagComparison;
}

interface Counts {
  right: number;
  wrong: number;
  missed: number;
}

/** What is as probable as this counts as said, as in the service's own figures. */
const threshold = 0.5;

export function compare(
  photos: readonly ComparedPhoto[],
  tags: readonly { readonly id: string; readonly name: string }[],
): Comparison {
  const rows = tags.map(({ id, name }) => {
    const of = photos.filter(({ tagIds }) => tagIds.has(id)).length;
    return {
      name,
      photos: of,
      old: countsOf(photos, id, (photo) => photo.old),
      now: countsOf(photos, id, (photo) => photo.now),
    };
  });
  return compared({
    photos: photos.length,
    tags: rows.map((row) => ({ ...row, old: figuresOf(row.old), now: figuresOf(row.now) })),
    old: figuresOf(sum(rows.map(({ old }) => old))),
    now: figuresOf(sum(rows.map(({ now }) => now))),
  });
}

/** A comparison of what was counted already; `old` and `now` are those of all tags together. */
export function compared({
  photos,
  tags,
  old,
  now,
}: Pick<Comparison, 'photos' | 'tags'> & Pick<TagComparison, 'old' | 'now'>): Comparison {
  return { threshold, photos, tags, total: { name: 'all tags', photos, old, now } };
}

function countsOf(
  photos: readonly ComparedPhoto[],
  tagId: string,
  said: (photo: ComparedPhoto) => ReadonlyMap<string, number>,
): Counts {
  const counts: Counts = { right: 0, wrong: 0, missed: 0 };
  for (const photo of photos) {
    const isSaid = (said(photo).get(tagId) ?? 0) >= threshold;
    const isThere = photo.tagIds.has(tagId);
    if (isSaid && isThere) counts.right += 1;
    else if (isSaid) counts.wrong += 1;
    else if (isThere) counts.missed += 1;
  }
  return counts;
}

function sum(all: readonly Counts[]): Counts {
  const total: Counts = { right: 0, wrong: 0, missed: 0 };
  for (const { right, wrong, missed } of all) {
    total.right += right;
    total.wrong += wrong;
    total.missed += missed;
  }
  return total;
}

export function figuresOf({ right, wrong, missed }: Counts): Figures {
  return {
    precision: right + wrong > 0 ? right / (right + wrong) : null,
    recall: right + missed > 0 ? right / (right + missed) : null,
  };
}

const widest = 32;

/** For a terminal or a log; the lines end with a newline. */
export function comparisonTable({ tags, total }: Pick<Comparison, 'tags' | 'total'>): string {
  const rows = [...tags, total].map(({ name, photos, old, now }) => [
    name.length > widest ? `${name.slice(0, widest - 1)}…` : name,
    String(photos),
    percent(old.precision),
    percent(now.precision),
    percent(old.recall),
    percent(now.recall),
  ]);
  const head = [
    ['', '', 'precision', '', 'recall', ''],
    ['tag', 'photos', 'old', 'new', 'old', 'new'],
  ];
  const widths = head[1]!.map((_, column) =>
    Math.max(...[...head.slice(1), ...rows].map((row) => [...row[column]!].length)),
  );
  return [...head, ...rows]
    .map((row) => {
      const cells = row.map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!),
      );
      return `${cells.join('  ').trimEnd()}\n`;
    })
    .join('');
}

function percent(value: number | null): string {
  return value === null ? '–' : `${(value * 100).toFixed(1)}%`;
}

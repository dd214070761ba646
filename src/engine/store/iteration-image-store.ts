import type { Box } from '../domain/box.ts';
import { atomically, one } from './database.ts';
import type { Connection } from './database.ts';
import { wholeRange } from './page-index.ts';
import type { PageIndex, Cursor, Page } from './page-index.ts';

/** What a photo was taught as; with its place in a detection project. */
export interface Label extends Partial<Box> {
  readonly tagId: string;
  readonly regionId?: string;
}

/** A photo as an iteration was trained on it. */
export interface IterationImage {
  readonly imageId: string;
  readonly photo: string;
  readonly width: number;
  readonly height: number;
  readonly createdAt: string;
  readonly labels: readonly Label[];
  /** What the cross-validation said of it; null where there was none. */
  readonly validation: Uint8Array | null;
}

/** What a cross-validation said of an image; see `encodeHeldOut`. */
export interface Validation {
  readonly imageId: string;
  readonly bytes: Uint8Array;
}

/** What a training learnt of one photo, by the tags that the iteration was trained with. */
export interface ValidatedImage {
  readonly imageId: string;
  readonly tagIds: readonly string[];
  readonly labels: readonly Label[];
  readonly validation: Uint8Array | null;
}

/** A step of taking what a project holds. */
export interface TakenStep {
  /** The last image that was taken. */
  readonly end: Cursor;
  /** Tags of the images that were taken. */
  readonly tagIds: readonly string[];
}

/** The images that each iteration was trained on, as they were at its training. */
export interface IterationImageStore {
  /** All of them, oldest first. */
  readonly all: (id: string) => IterationImage[];
  readonly list: (
    id: string,
    tagIds: readonly string[] | undefined,
    page: Page,
  ) => IterationImage[];
  /** Oldest first. */
  readonly ids: (id: string) => string[];
  /** In the order asked for; what it was not trained on is left out. */
  readonly byIds: (id: string, imageIds: readonly string[]) => IterationImage[];
  readonly count: (id: string, tagIds: readonly string[] | undefined) => number;
  readonly photos: (id: string) => string[];
  /** Nobody sees it before the iteration is completed, so it may come in parts. */
  readonly validate: (id: string, validation: Iterable<Validation>) => void;
  /** By image id, those after the given one. */
  readonly validated: (id: string, afterImageId: string, take: number) => ValidatedImage[];
  /** What is there already stays as it is. */
  readonly add: (id: string, images: readonly IterationImage[]) => void;
  /** Adds those of another iteration, without what a validation said of them. */
  readonly copy: (id: string, fromId: string) => void;
  /**
   * Adds the project's tagged images that come next after `after`, none of them newer than `until`;
   * undefined where there is nothing more to take.
   */
  readonly takeStep: (
    id: string,
    projectId: string,
    after: Cursor,
    until: string,
  ) => TakenStep | undefined;
  /** Makes the project's iterations forget images that they were trained on; gives their photos. */
  readonly forget: (projectId: string, imageIds: readonly string[]) => string[];
  /** Makes an iteration forget so many of its images; gives their photos. */
  readonly forgetSome: (id: string, most: number) => string[];
}

const columns =
  'image_id AS imageId, photo, width, height, created_at AS createdAt, labels, validation';

const withTag =
  '(?2 IS NULL OR EXISTS (SELECT 1 FROM json_each(?2) WHERE instr(labels, value) > 0))';

/** Tagged images that a step of taking a project's contents takes; ?1 is the iteration. */
const step =
  'project_id = ?2 AND tagged = 1 AND (created_at, id) > (?3, ?4) AND (created_at, id) <= (?5, ?6)';
const stepImages = 250;

export function createIterationImageStore(
  database: Connection,
  pageIndex: PageIndex,
): IterationImageStore {
  const page = (direction: 'ASC' | 'DESC') =>
    database.prepare(
      `SELECT ${columns} FROM iteration_image WHERE iteration_id = ?1 AND ${withTag} ` +
        'AND (created_at, image_id) >= (?3, ?4) AND (created_at, image_id) < (?5, ?6) ' +
        `ORDER BY created_at ${direction}, image_id ${direction} LIMIT ?7 OFFSET ?8`,
    );
  const sql = {
    Newest: page('DESC'),
    Oldest: page('ASC'),
    all: database.prepare(
      `SELECT ${columns} FROM iteration_image WHERE iteration_id = ? ORDER BY created_at, image_id`,
    ),
    ids: database.prepare(
      'SELECT image_id AS imageId FROM iteration_image WHERE iteration_id = ? ' +
        'ORDER BY created_at, image_id',
    ),
    byId: database.prepare(
      `SELECT ${columns} FROM iteration_image WHERE iteration_id = ? AND image_id = ?`,
    ),
    count: database.prepare(
      `SELECT COUNT(*) AS count FROM iteration_image WHERE iteration_id = ?1 AND ${withTag}`,
    ),
    photos: database.prepare('SELECT photo FROM iteration_image WHERE iteration_id = ?'),
    validate: database.prepare(
      'UPDATE iteration_image SET validation = ? WHERE iteration_id = ? AND image_id = ?',
    ),
    validated: database.prepare(
      'SELECT image_id AS imageId, labels, validation FROM iteration_image ' +
        'WHERE iteration_id = ? AND image_id > ? ORDER BY image_id LIMIT ?',
    ),
    add: database.prepare(
      'INSERT OR IGNORE INTO iteration_image (iteration_id, image_id, photo, width, height, ' +
        'created_at, labels, validation) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    ),
    copy: database.prepare(
      'INSERT INTO iteration_image ' +
        '(iteration_id, image_id, photo, width, height, created_at, labels) ' +
        'SELECT ?, image_id, photo, width, height, created_at, labels ' +
        'FROM iteration_image WHERE iteration_id = ? ORDER BY created_at, image_id',
    ),
    stepEnd: database.prepare(
      'SELECT created_at AS createdAt, id FROM (SELECT created_at, id FROM image ' +
        'WHERE project_id = ?1 AND tagged = 1 AND (created_at, id) > (?2, ?3) ' +
        'AND created_at <= ?4 ORDER BY created_at, id LIMIT ?5) ORDER BY createdAt DESC, id DESC LIMIT 1',
    ),
    takeTagged: database.prepare(
      'INSERT INTO iteration_image ' +
        '(iteration_id, image_id, photo, width, height, created_at, labels) ' +
        'SELECT ?1, id, photo, width, height, created_at, ' +
        "(SELECT json_group_array(json_object('tagId', tag_id)) FROM image_tag " +
        `WHERE image_id = image.id) FROM image WHERE ${step} ` +
        'AND NOT EXISTS (SELECT 1 FROM region WHERE image_id = image.id)',
    ),
    takeRegions: database.prepare(
      'INSERT INTO iteration_image ' +
        '(iteration_id, image_id, photo, width, height, created_at, labels) ' +
        'SELECT ?1, id, photo, width, height, created_at, ' +
        "(SELECT json_group_array(json_object('tagId', tag_id, 'regionId', region.id, 'left', \"left\", 'top', top, " +
        "'width', region.width, 'height', region.height)) FROM region " +
        `WHERE image_id = image.id) FROM image WHERE ${step} ` +
        'AND EXISTS (SELECT 1 FROM region WHERE image_id = image.id)',
    ),
    stepTags: database.prepare(
      'SELECT DISTINCT tag_id AS tagId FROM image_tag ' +
        `WHERE image_id IN (SELECT id FROM image WHERE ${step})`,
    ),
    forget: database.prepare(
      'DELETE FROM iteration_image WHERE image_id = ? AND iteration_id IN ' +
        '(SELECT id FROM iteration WHERE project_id = ?) RETURNING photo',
    ),
    forgetSome: database.prepare(
      'DELETE FROM iteration_image WHERE iteration_id = ?1 AND image_id IN ' +
        '(SELECT image_id FROM iteration_image WHERE iteration_id = ?1 LIMIT ?2) RETURNING photo',
    ),
  };

  const validate = (id: string, validation: Iterable<Validation>): void => {
    for (const { imageId, bytes } of validation) {
      sql.validate.run(Buffer.from(bytes), id, imageId);
    }
  };

  const add = (id: string, images: readonly IterationImage[]): void => {
    for (const { imageId, photo, width, height, createdAt, labels, validation } of images) {
      const bytes = validation && Buffer.from(validation);
      sql.add.run(id, imageId, photo, width, height, createdAt, JSON.stringify(labels), bytes);
    }
  };

  const takeStep = (
    id: string,
    projectId: string,
    after: Cursor,
    until: string,
  ): TakenStep | undefined => {
    const end = one(sql.stepEnd, projectId, ...after, until, stepImages) as
      { createdAt: string; id: string } | undefined;
    if (!end) return undefined;
    const range = [id, projectId, ...after, end.createdAt, end.id];
    sql.takeTagged.run(...range);
    sql.takeRegions.run(...range);
    const tags = sql.stepTags.all(...range) as { tagId: string }[];
    return { end: [end.createdAt, end.id], tagIds: tags.map(({ tagId }) => tagId) };
  };

  return {
    all: (id) => sql.all.all(id).map(toIterationImage),
    list(id, tagIds, page) {
      const list = listOf(tagIds);
      const range = list === undefined ? wholeRange(page) : pageIndex.rangeOf(id, list, page);
      if (!range) return [];
      const { from, until, skip } = range;
      return sql[page.order]
        .all(id, jsonOrNull(tagIds), ...from, ...until, page.take, skip)
        .map(toIterationImage);
    },
    ids: (id) => (sql.ids.all(id) as { imageId: string }[]).map(({ imageId }) => imageId),
    byIds: (id, imageIds) =>
      imageIds
        .map((imageId) => one(sql.byId, id, imageId.toLowerCase()))
        .filter((row) => row !== undefined)
        .map(toIterationImage),
    count(id, tagIds) {
      const list = listOf(tagIds);
      return list === undefined
        ? (one(sql.count, id, jsonOrNull(tagIds)) as { count: number }).count
        : pageIndex.count(id, list);
    },
    photos: (id) => photosOf(sql.photos.all(id)),
    validate: (id, validation) => atomically(database, () => validate(id, validation)),
    validated: (id, afterImageId, take) =>
      sql.validated.all(id, afterImageId, take).map(toValidatedImage),
    add: (id, images) => atomically(database, () => add(id, images)),
    copy: (id, fromId) => void sql.copy.run(id, fromId),
    takeStep: (id, projectId, after, until) =>
      atomically(database, () => takeStep(id, projectId, after, until)),
    forget: (projectId, imageIds) =>
      atomically(database, () =>
        photosOf(imageIds.flatMap((imageId) => sql.forget.all(imageId, projectId))),
      ),
    forgetSome: (id, most) => photosOf(sql.forgetSome.all(id, most)),
  };
}

/** Of which `pageIndex` knows how long it is; undefined for that of several tags. */
function listOf(tagIds: readonly string[] | undefined): string | undefined {
  if (tagIds === undefined) return '';
  return tagIds.length === 1 ? tagIds[0] : undefined;
}

function jsonOrNull(ids: readonly string[] | undefined): string | null {
  return ids === undefined ? null : JSON.stringify(ids);
}

function photosOf(rows: readonly unknown[]): string[] {
  return (rows as { photo: string }[]).map(({ photo }) => photo);
}

function toValidatedImage(row: unknown): ValidatedImage {
  const { imageId, labels, validation } = row as {
    imageId: string;
    labels: string;
    validation: ArrayBuffer | Uint8Array | null;
  };
  const known = JSON.parse(labels) as Label[];
  return {
    imageId,
    tagIds: known.map(({ tagId }) => tagId),
    labels: known,
    validation: validation === null ? null : new Uint8Array(validation),
  };
}

function toIterationImage(row: unknown): IterationImage {
  const { labels, validation, ...image } = row as Omit<IterationImage, 'labels'> & {
    labels: string;
  };
  return {
    ...image,
    labels: JSON.parse(labels) as Label[],
    // The driver gives a bare ArrayBuffer where it gives many rows.
    validation: validation === null ? null : new Uint8Array(validation),
  };
}

import type { Box } from '../domain/box.ts';
import { randomUUID } from 'node:crypto';

import { atomically, one } from './database.ts';
import type { Connection } from './database.ts';
import { wholeRange } from './page-index.ts';
import type { PageIndex, Page } from './page-index.ts';
import { metadataCondition } from './metadata-filter.ts';
import type { MetadataFilter } from './metadata-filter.ts';
import { timedId } from './timed-id.ts';

export interface ImageTag {
  readonly tagId: string;
  readonly tagName: string;
  readonly createdAt: string;
}

export interface ImageRegion extends Box {
  readonly regionId: string;
  readonly tagId: string;
  readonly tagName: string;
  readonly createdAt: string;
}

export interface Image {
  readonly id: string;
  /** The name of its file in `PhotoFiles`. */
  readonly photo: string;
  /** As it is seen, its EXIF turn done. */
  readonly width: number;
  readonly height: number;
  readonly createdAt: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly tags: readonly ImageTag[];
  readonly regions: readonly ImageRegion[];
}

export interface NewRegion extends Box {
  readonly tagId: string;
}

export interface NewImage {
  readonly photo: string;
  readonly width: number;
  readonly height: number;
  readonly tagIds?: readonly string[];
  readonly regions?: readonly NewRegion[];
  readonly metadata?: Readonly<Record<string, string>>;
}

export interface ImageFilter {
  /** With any of these; all images where not given. */
  readonly tagIds?: readonly string[];
  readonly status?: 'Tagged' | 'Untagged';
  readonly metadata?: MetadataFilter;
}

export interface ImageStore {
  /** Once it returns, what was added is kept. A photo that the project has already is not added. */
  readonly add: (
    projectId: string,
    images: readonly NewImage[],
  ) => { readonly id: string; readonly isDuplicate: boolean }[];
  readonly list: (projectId: string, filter: ImageFilter, page: Page) => Image[];
  readonly count: (projectId: string, filter: ImageFilter) => number;
  /** Images with more than one tag. */
  readonly countOfSeveralTags: (projectId: string) => number;
  /** In the order asked for; what is not there is left out. */
  readonly byIds: (projectId: string, ids: readonly string[]) => Image[];
  /** Gives their photos. */
  readonly remove: (projectId: string, ids: readonly string[]) => string[];
  readonly removeAll: (projectId: string) => string[];
  readonly ids: (projectId: string) => string[];
  /** What is set already stays as it is. All must be of the project. */
  readonly addTags: (
    projectId: string,
    pairs: readonly { readonly imageId: string; readonly tagId: string }[],
  ) => void;
  /** Regions with such a tag go too. */
  readonly removeTags: (
    projectId: string,
    imageIds: readonly string[],
    tagIds: readonly string[],
  ) => void;
  /** Gives the new regions' ids, in their order. Image and tag must be of one project. */
  readonly addRegions: (regions: readonly (NewRegion & { readonly imageId: string })[]) => string[];
  readonly removeRegions: (projectId: string, regionIds: readonly string[]) => void;
  readonly setMetadata: (
    projectId: string,
    imageIds: readonly string[],
    metadata: Readonly<Record<string, string>>,
  ) => void;
}

const columns = 'id, photo, width, height, created_at AS createdAt, metadata';

export function createImageStore(
  database: Connection,
  pageIndex: PageIndex,
  now: () => Date,
): ImageStore {
  const sql = {
    add: database.prepare(
      'INSERT OR IGNORE INTO image (id, project_id, photo, width, height, created_at, metadata) ' +
        'VALUES (?, ?, ?, ?, ?, ?, ?)',
    ),
    byPhoto: database.prepare('SELECT id FROM image WHERE project_id = ? AND photo = ?'),
    remove: database.prepare('DELETE FROM image WHERE project_id = ? AND id = ? RETURNING photo'),
    removeAll: database.prepare('DELETE FROM image WHERE project_id = ? RETURNING photo'),
    addTag: database.prepare(
      'INSERT OR IGNORE INTO image_tag (image_id, tag_id, image_created_at, created_at) ' +
        'SELECT image.id, tag.id, image.created_at, ? FROM image JOIN tag USING (project_id) ' +
        'WHERE image.project_id = ? AND image.id = ? AND tag.id = ?',
    ),
    removeTag: database.prepare(
      'DELETE FROM image_tag WHERE image_id = ? AND tag_id = ? ' +
        'AND tag_id IN (SELECT id FROM tag WHERE project_id = ?)',
    ),
    removeTagRegions: database.prepare(
      'DELETE FROM region WHERE image_id = ? AND tag_id = ? ' +
        'AND tag_id IN (SELECT id FROM tag WHERE project_id = ?)',
    ),
    addRegion: database.prepare(
      'INSERT INTO region (id, image_id, tag_id, "left", top, width, height, created_at) ' +
        'VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    ),
    removeRegion: database.prepare(
      'DELETE FROM region WHERE id = ? AND tag_id IN (SELECT id FROM tag WHERE project_id = ?)',
    ),
    ids: database.prepare('SELECT id FROM image WHERE project_id = ? ORDER BY created_at, id'),
    // From the tags' own index: it costs what these tags have, not what the project has.
    countTagged: database.prepare(
      'SELECT COUNT(DISTINCT image_id) AS count FROM image_tag WHERE tag_id IN ' +
        '(SELECT id FROM tag WHERE project_id = ? AND id IN (SELECT value FROM json_each(?)))',
    ),
    countOfSeveralTags: database.prepare(
      'SELECT COUNT(*) AS count FROM image WHERE project_id = ? AND tag_count > 1',
    ),
    setMetadata: database.prepare('UPDATE image SET metadata = ? WHERE project_id = ? AND id = ?'),
    get: database.prepare(`SELECT ${columns} FROM image WHERE project_id = ? AND id = ?`),
    tags: database.prepare(
      'SELECT image_id AS imageId, tag_id AS tagId, tag.name AS tagName, ' +
        'image_tag.created_at AS createdAt FROM image_tag JOIN tag ON tag.id = tag_id ' +
        'WHERE image_id IN (SELECT value FROM json_each(?)) ' +
        'ORDER BY image_tag.created_at, tag.name',
    ),
    regions: database.prepare(
      'SELECT image_id AS imageId, region.id AS regionId, tag_id AS tagId, tag.name AS tagName, ' +
        '"left", top, width, height, created_at AS createdAt ' +
        'FROM region JOIN tag ON tag.id = tag_id ' +
        'WHERE image_id IN (SELECT value FROM json_each(?)) ORDER BY created_at, region.rowid',
    ),
  };

  let lastMs = 0;
  /** Each later than the one before, so that the newest is always told from the next one. */
  const nextTime = (): number => {
    lastMs = Math.max(lastMs + 1, now().getTime());
    return lastMs;
  };

  const addRegion = (imageId: string, { tagId, left, top, width, height }: NewRegion): string => {
    const id = randomUUID();
    const at = now().toISOString();
    sql.addRegion.run(id, imageId, tagId, left, top, width, height, at);
    return id;
  };

  const add = (projectId: string, images: readonly NewImage[]) =>
    images.map(({ photo, width, height, tagIds = [], regions = [], metadata = {} }) => {
      const json = JSON.stringify(metadata);
      const ms = nextTime();
      const [id, at] = [timedId(ms), new Date(ms).toISOString()];
      if (sql.add.run(id, projectId, photo, width, height, at, json).changes === 0) {
        const old = one(sql.byPhoto, projectId, photo) as { id: string };
        return { id: old.id, isDuplicate: true };
      }
      for (const tagId of tagIds) sql.addTag.run(at, projectId, id, tagId);
      for (const region of regions) addRegion(id, region);
      return { id, isDuplicate: false };
    });

  const remove = (projectId: string, ids: readonly string[]): string[] =>
    photosOf(ids.flatMap((id) => sql.remove.all(projectId, id.toLowerCase())));

  const addTags = (
    projectId: string,
    pairs: readonly { imageId: string; tagId: string }[],
  ): void => {
    const at = now().toISOString();
    for (const { imageId, tagId } of pairs) sql.addTag.run(at, projectId, imageId, tagId);
  };

  const removeTags = (
    projectId: string,
    imageIds: readonly string[],
    tagIds: readonly string[],
  ): void => {
    for (const imageId of imageIds) {
      for (const tagId of tagIds) {
        sql.removeTagRegions.run(imageId, tagId, projectId);
        sql.removeTag.run(imageId, tagId, projectId);
      }
    }
  };

  const addRegions = (regions: readonly (NewRegion & { imageId: string })[]): string[] =>
    regions.map((region) => addRegion(region.imageId, region));

  const removeRegions = (projectId: string, ids: readonly string[]): void => {
    for (const id of ids) sql.removeRegion.run(id.toLowerCase(), projectId);
  };

  const setMetadata = (projectId: string, ids: readonly string[], json: string): void => {
    for (const id of ids) sql.setMetadata.run(json, projectId, id);
  };

  const withTags = (rows: readonly unknown[]): Image[] => {
    const images = rows as readonly (Omit<Image, 'metadata'> & { metadata: string })[];
    const ids = JSON.stringify(images.map(({ id }) => id));
    const tags = grouped<ImageTag>(sql.tags.all(ids) as (ImageTag & { imageId: string })[]);
    const regions = grouped<ImageRegion>(
      sql.regions.all(ids) as (ImageRegion & { imageId: string })[],
    );
    return images.map((image) => ({
      ...image,
      metadata: JSON.parse(image.metadata) as Record<string, string>,
      tags: tags.get(image.id) ?? [],
      regions: regions.get(image.id) ?? [],
    }));
  };

  return {
    add: (projectId, images) => atomically(database, () => add(projectId, images)),
    list(projectId, filter, page) {
      if (isNever(filter)) return [];
      const { select, values, counted } = selection(projectId, filter);
      const range = counted ? pageIndex.rangeOf(projectId, counted.list, page) : wholeRange(page);
      if (!range) return [];
      const { from, until, skip } = range;
      const [within, bounds] = counted
        ? [`AND ${counted.cursor} >= (?, ?) AND ${counted.cursor} < (?, ?)`, [...from, ...until]]
        : ['', []];
      const direction = page.order === 'Newest' ? 'DESC' : 'ASC';
      // The page is cut from an index alone; only its few rows are then looked up.
      const ids = `${select} ${within} ORDER BY at ${direction}, page_id ${direction} LIMIT ? OFFSET ?`;
      return withTags(
        database
          .prepare(
            `SELECT ${columns} FROM (${ids}) JOIN image ON image.id = page_id ` +
              `ORDER BY created_at ${direction}, id ${direction}`,
          )
          .all(...values, ...bounds, page.take, skip),
      );
    },
    count(projectId, filter) {
      if (isNever(filter)) return 0;
      const { tagIds, metadata } = filter;
      if (tagIds !== undefined && metadata === undefined) {
        return (one(sql.countTagged, projectId, JSON.stringify(tagIds)) as { count: number }).count;
      }
      const { select, values } = selection(projectId, filter);
      return (
        one(database.prepare(`SELECT COUNT(*) AS count FROM (${select})`), ...values) as {
          count: number;
        }
      ).count;
    },
    countOfSeveralTags: (projectId) =>
      (one(sql.countOfSeveralTags, projectId) as { count: number }).count,
    byIds: (projectId, ids) =>
      withTags(
        ids
          .map((id) => one(sql.get, projectId, id.toLowerCase()))
          .filter((row) => row !== undefined),
      ),
    remove: (projectId, ids) => atomically(database, () => remove(projectId, ids)),
    ids: (projectId) => (sql.ids.all(projectId) as { id: string }[]).map(({ id }) => id),
    removeAll: (projectId) => photosOf(sql.removeAll.all(projectId)),
    addTags: (projectId, pairs) => atomically(database, () => addTags(projectId, pairs)),
    removeTags: (projectId, imageIds, tagIds) =>
      atomically(database, () => removeTags(projectId, imageIds, tagIds)),
    addRegions: (regions) => atomically(database, () => addRegions(regions)),
    removeRegions: (projectId, ids) => atomically(database, () => removeRegions(projectId, ids)),
    setMetadata: (projectId, ids, metadata) =>
      atomically(database, () => setMetadata(projectId, ids, JSON.stringify(metadata))),
  };
}

/** With a tag and without any. */
function isNever({ tagIds, status }: ImageFilter): boolean {
  return tagIds !== undefined && (tagIds.length === 0 || status === 'Untagged');
}

interface Selection {
  /** Gives the ids of images as `page_id`, each with its time as `at`. */
  readonly select: string;
  readonly values: readonly (string | number)[];
  /** The list of which `pageIndex` knows where its pages are, and the columns that it goes by. */
  readonly counted?: { readonly list: string; readonly cursor: string };
}

/** Each kind of question is answered from an index of its own. */
function selection(projectId: string, { tagIds, status, metadata }: ImageFilter): Selection {
  if (tagIds && !metadata) {
    const [only, ...more] = tagIds;
    return {
      select: tagIds
        .map(
          () =>
            'SELECT image_created_at AS at, image_id AS page_id FROM image_tag ' +
            'WHERE tag_id = (SELECT id FROM tag WHERE project_id = ? AND id = ?)',
        )
        // Each in order from its index, they are merged without being sorted.
        .join(' UNION '),
      values: tagIds.flatMap((tagId) => [projectId, tagId]),
      ...(only !== undefined &&
        more.length === 0 && {
          counted: { list: only, cursor: '(image_created_at, image_id)' },
        }),
    };
  }
  const conditions = ['project_id = ?'];
  const values: (string | number)[] = [projectId];
  if (status) {
    conditions.push('tagged = ?');
    values.push(status === 'Tagged' ? 1 : 0);
  }
  if (tagIds) {
    conditions.push(
      'EXISTS (SELECT 1 FROM image_tag WHERE image_id = image.id ' +
        'AND tag_id IN (SELECT value FROM json_each(?)))',
    );
    values.push(JSON.stringify(tagIds));
  }
  if (metadata) {
    const also = metadataCondition(metadata);
    conditions.push(also.text);
    values.push(...also.values);
  }
  return {
    select: `SELECT created_at AS at, id AS page_id FROM image WHERE ${conditions.join(' AND ')}`,
    values,
    ...(!metadata && {
      counted: { list: status?.toLowerCase() ?? '', cursor: '(created_at, id)' },
    }),
  };
}

function photosOf(rows: readonly unknown[]): string[] {
  return (rows as { photo: string }[]).map(({ photo }) => photo);
}

/** By the image that they are of. */
function grouped<T extends object>(
  rows: readonly (T & { readonly imageId: string })[],
): Map<string, Omit<T, 'imageId'>[]> {
  const groups = new Map<string, Omit<T, 'imageId'>[]>();
  for (const { imageId, ...row } of rows) {
    const group = groups.get(imageId);
    if (group) group.push(row);
    else groups.set(imageId, [row]);
  }
  return groups;
}

import type { TagType } from '../domain/tag-type.ts';
import { atomically, one } from './database.ts';
import type { Connection } from './database.ts';
import type { Box } from '../domain/box.ts';

/** What was answered of one tag. */
export interface StoredTag {
  readonly probability: number;
  readonly tagId: string;
  readonly tagName: string;
  readonly tagType: TagType;
  readonly boundingBox?: Box;
}

export interface StoredPrediction {
  readonly id: string;
  readonly projectId: string;
  readonly iterationId: string;
  readonly photo: string;
  /** As they were answered, most probable first. */
  readonly predictions: readonly StoredTag[];
  readonly createdAt: string;
}

export interface PredictionQuery {
  readonly order: 'Newest' | 'Oldest';
  readonly iterationId?: string;
  /** ISO 8601, both included. */
  readonly from?: string;
  readonly to?: string;
  /** The last one of the page before. */
  readonly after?: { readonly createdAt: string; readonly id: string };
  readonly take: number;
}

export interface PredictionStore {
  /** Gives the photos of older ones that made room. */
  readonly keep: (prediction: StoredPrediction) => string[];
  readonly count: (projectId: string) => number;
  readonly get: (projectId: string, id: string) => StoredPrediction | undefined;
  readonly query: (projectId: string, query: PredictionQuery) => StoredPrediction[];
  /** Gives their photos. */
  readonly remove: (projectId: string, ids: readonly string[]) => string[];
}

const columns =
  'id, project_id AS projectId, iteration_id AS iterationId, photo, predictions, ' +
  'created_at AS createdAt';

/** `most` are kept in each project; the oldest make room. */
export function createPredictionStore(database: Connection, most: number): PredictionStore {
  const sql = {
    add: database.prepare(
      'INSERT INTO prediction (id, project_id, iteration_id, photo, predictions, created_at) ' +
        'VALUES (?, ?, ?, ?, ?, ?)',
    ),
    // By rowid where two came at once: it is in the index, while ids would be read from all rows.
    old: database.prepare(
      'SELECT id, photo FROM prediction WHERE project_id = ? ' +
        'ORDER BY created_at DESC, rowid DESC LIMIT -1 OFFSET ?',
    ),
    remove: database.prepare('DELETE FROM prediction WHERE id = ?'),
    count: database.prepare('SELECT COUNT(*) AS count FROM prediction WHERE project_id = ?'),
    get: database.prepare(`SELECT ${columns} FROM prediction WHERE project_id = ? AND id = ?`),
    newest: database.prepare(page('<', 'DESC')),
    oldest: database.prepare(page('>', 'ASC')),
  };

  const keep = (prediction: StoredPrediction): string[] => {
    const { id, projectId, iterationId, photo, predictions, createdAt } = prediction;
    sql.add.run(id, projectId, iterationId, photo, JSON.stringify(predictions), createdAt);
    const old = sql.old.all(projectId, most) as { id: string; photo: string }[];
    for (const row of old) sql.remove.run(row.id);
    return [...new Set(old.map((row) => row.photo))];
  };

  const get = (projectId: string, id: string): StoredPrediction | undefined => {
    const row = one(sql.get, projectId, id.toLowerCase());
    return row === undefined ? undefined : toPrediction(row);
  };

  const remove = (projectId: string, ids: readonly string[]): string[] => {
    const found = ids.map((id) => get(projectId, id)).filter((each) => each !== undefined);
    for (const { id } of found) sql.remove.run(id);
    return [...new Set(found.map(({ photo }) => photo))];
  };

  return {
    keep: (prediction) => atomically(database, () => keep(prediction)),
    count: (projectId) => (one(sql.count, projectId) as { count: number }).count,
    get,
    query(projectId, { order, iterationId, from, to, after, take }) {
      const isNewest = order === 'Newest';
      const edge = isNewest ? '9' : '';
      const last = after?.createdAt;
      // The index leads to the edge of a range of times, but not to the place of a pair.
      const begin = !isNewest && last !== undefined && last > (from ?? '') ? last : from;
      const end = isNewest && last !== undefined && last < (to ?? '9') ? last : to;
      return sql[isNewest ? 'newest' : 'oldest']
        .all(
          projectId,
          begin ?? '',
          end ?? '9',
          iterationId ?? null,
          after?.createdAt ?? edge,
          after?.id ?? edge,
          take,
        )
        .map(toPrediction);
    },
    remove: (projectId, ids) => atomically(database, () => remove(projectId, ids)),
  };
}

// '9' comes after every date, and '' before.
function page(after: '<' | '>', order: 'ASC' | 'DESC'): string {
  return (
    `SELECT ${columns} FROM prediction WHERE project_id = ?1 AND created_at BETWEEN ?2 AND ?3 ` +
    'AND (?4 IS NULL OR iteration_id = ?4) ' +
    `AND (created_at, id) ${after} (?5, ?6) ORDER BY created_at ${order}, id ${order} LIMIT ?7`
  );
}

function toPrediction(row: unknown): StoredPrediction {
  const { predictions, ...rest } = row as StoredPrediction & { predictions: string };
  return { ...rest, predictions: JSON.parse(predictions) as StoredTag[] };
}

import { decodeFloat16, encodeFloat16 } from '../../shared/float16.ts';
import { atomically, isInTransaction, one } from './database.ts';
import type { Connection } from './database.ts';

export interface FeatureKey {
  readonly photo: string;
  readonly backboneId: string;
  readonly augmentationId: string;
}

/** What the backbone said of each photo, computed once and kept. */
export interface FeatureStore {
  /** Of as many views, the first ones, as are kept. */
  readonly get: (key: FeatureKey, featureCount: number) => Float32Array[];
  readonly has: (key: FeatureKey, viewCount: number) => boolean;
  /** In place of what an earlier backbone said of it. */
  readonly keep: (key: FeatureKey, views: readonly Float32Array[]) => void;
  /** Names of photos that it knows, in ascending order, those after `after`. */
  readonly photos: (after: string, take: number) => string[];
  /** Forgets those of photos that are gone. */
  readonly forget: (photos: readonly string[]) => void;
}

export function createFeatureStore(database: Connection): FeatureStore {
  const sql = {
    get: database.prepare(
      'SELECT view_count AS viewCount, halves FROM feature ' +
        'WHERE photo = ? AND backbone_id = ? AND recipe_id = ?',
    ),
    has: database.prepare(
      'SELECT view_count AS viewCount FROM feature ' +
        'WHERE photo = ? AND backbone_id = ? AND recipe_id = ?',
    ),
    add: database.prepare(
      'INSERT OR REPLACE INTO feature (photo, backbone_id, recipe_id, view_count, halves) ' +
        'VALUES (?, ?, ?, ?, ?)',
    ),
    photos: database.prepare(
      'SELECT DISTINCT photo FROM feature WHERE photo > ? ORDER BY photo LIMIT ?',
    ),
    forget: database.prepare('DELETE FROM feature WHERE photo = ?'),
    forgetFormer: database.prepare(
      'DELETE FROM feature WHERE photo = ? AND recipe_id = ? AND backbone_id <> ?',
    ),
  };
  const forget = (photos: readonly string[]): void => {
    for (const photo of photos) sql.forget.run(photo);
  };
  return {
    has({ photo, backboneId, augmentationId }, viewCount) {
      const row = one(sql.has, photo, backboneId, augmentationId) as
        { viewCount: number } | undefined;
      return row !== undefined && row.viewCount >= viewCount;
    },
    get({ photo, backboneId, augmentationId }, featureCount) {
      const row = one(sql.get, photo, backboneId, augmentationId) as
        { viewCount: number; halves: Uint8Array } | undefined;
      if (!row) return [];
      const bytes = Uint8Array.from(row.halves);
      if (bytes.length !== row.viewCount * featureCount * 2) return [];
      return Array.from({ length: row.viewCount }, (_, view) =>
        decodeFloat16(new Uint16Array(bytes.buffer, view * featureCount * 2, featureCount)),
      );
    },
    keep({ photo, backboneId, augmentationId }, views) {
      const halves = Buffer.concat(views.map((view) => Buffer.from(encodeFloat16(view).buffer)));
      // What a power cut takes here is computed again: by itself it need not wait for the disk.
      const isAlone = !isInTransaction(database);
      if (isAlone) database.pragma('synchronous = NORMAL');
      try {
        sql.add.run(photo, backboneId, augmentationId, views.length, halves);
        sql.forgetFormer.run(photo, augmentationId, backboneId);
      } finally {
        if (isAlone) database.pragma('synchronous = FULL');
      }
    },
    photos: (after, take) =>
      (sql.photos.all(after, take) as { photo: string }[]).map(({ photo }) => photo),
    forget: (photos) => atomically(database, () => forget(photos)),
  };
}

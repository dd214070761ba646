import { decodeFloat16, encodeFloat16 } from '../model/float16.ts';
import { atomically, one } from './database.ts';
import type { Connection } from './database.ts';

export interface FeatureKey {
  readonly photo: string;
  readonly backboneId: string;
  readonly recipeId: string;
}

/** What the backbone said of each photo, computed once and kept. */
export interface FeatureStore {
  /** Features of at least `viewCount` views, or undefined where they are not kept. */
  readonly get: (
    key: FeatureKey,
    viewCount: number,
    featureCount: number,
  ) => Float32Array[] | undefined;
  readonly keep: (key: FeatureKey, views: readonly Float32Array[]) => void;
  /** Forgets those of photos that are gone. */
  readonly forget: (photos: readonly string[]) => void;
}

export function createFeatureStore(database: Connection): FeatureStore {
  const sql = {
    get: database.prepare(
      'SELECT view_count AS viewCount, halves FROM feature ' +
        'WHERE photo = ? AND backbone_id = ? AND recipe_id = ?',
    ),
    add: database.prepare(
      'INSERT OR REPLACE INTO feature (photo, backbone_id, recipe_id, view_count, halves) ' +
        'VALUES (?, ?, ?, ?, ?)',
    ),
    forget: database.prepare('DELETE FROM feature WHERE photo = ?'),
  };
  const forget = (photos: readonly string[]): void => {
    for (const photo of photos) sql.forget.run(photo);
  };
  return {
    get({ photo, backboneId, recipeId }, viewCount, featureCount) {
      const row = one(sql.get, photo, backboneId, recipeId) as
        { viewCount: number; halves: Uint8Array } | undefined;
      if (!row || row.viewCount < viewCount) return undefined;
      const bytes = Uint8Array.from(row.halves);
      if (bytes.length !== row.viewCount * featureCount * 2) return undefined;
      return Array.from({ length: viewCount }, (_, view) =>
        decodeFloat16(new Uint16Array(bytes.buffer, view * featureCount * 2, featureCount)),
      );
    },
    keep({ photo, backboneId, recipeId }, views) {
      const halves = Buffer.concat(views.map((view) => Buffer.from(encodeFloat16(view).buffer)));
      sql.add.run(photo, backboneId, recipeId, views.length, halves);
    },
    forget: (photos) => atomically(database, () => forget(photos)),
  };
}

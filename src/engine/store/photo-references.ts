import type { Connection } from './database.ts';

/** What refers to the photos' files. */
export interface PhotoReferences {
  readonly isUsed: (photo: string) => boolean;
  /** Names in ascending order, those after `after`. */
  readonly inUse: (after: string, take: number) => string[];
  readonly imagesOf: (
    photo: string,
  ) => readonly { readonly projectId: string; readonly imageId: string }[];
}

const tables = ['image', 'prediction', 'iteration_image'];

export function createPhotoReferences(database: Connection): PhotoReferences {
  const exists = tables.map((table) => `EXISTS (SELECT 1 FROM ${table} WHERE photo = ?1)`);
  // Each part is cut from its own index, so that the next names cost the same however many there are.
  const pages = tables.map(
    (table) =>
      `SELECT * FROM (SELECT DISTINCT photo FROM ${table} WHERE photo > ?1 ORDER BY photo LIMIT ?2)`,
  );
  const sql = {
    isUsed: database.prepare(`SELECT ${exists.join(' OR ')} AS used`),
    inUse: database.prepare(`${pages.join(' UNION ')} ORDER BY photo LIMIT ?2`),
    imagesOf: database.prepare(
      'SELECT project_id AS projectId, id AS imageId FROM image WHERE photo = ?',
    ),
  };
  return {
    isUsed: (photo) => (sql.isUsed.get(photo) as { used: number }).used > 0,
    inUse: (after, take) =>
      (sql.inUse.all(after, take) as { photo: string }[]).map(({ photo }) => photo),
    imagesOf: (photo) => sql.imagesOf.all(photo) as { projectId: string; imageId: string }[],
  };
}

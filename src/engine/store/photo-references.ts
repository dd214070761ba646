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

/** Of images there is an index by project and photo only, so each project is asked by itself. */
const imagesWithPhoto =
  'FROM project CROSS JOIN image ON image.project_id = project.id AND image.photo = ?1';

export function createPhotoReferences(database: Connection): PhotoReferences {
  // Each part is cut from its own index, so that the next names cost the same however many there are.
  const page = (table: string, condition: string) =>
    database.prepare(
      `SELECT DISTINCT photo FROM ${table} WHERE ${condition}photo > ? ORDER BY photo LIMIT ?`,
    );
  const sql = {
    isUsed: database.prepare(
      `SELECT EXISTS (SELECT 1 ${imagesWithPhoto}) OR ` +
        'EXISTS (SELECT 1 FROM prediction WHERE photo = ?1) OR ' +
        'EXISTS (SELECT 1 FROM iteration_image WHERE photo = ?1) AS used',
    ),
    projects: database.prepare('SELECT id FROM project'),
    ofProject: page('image', 'project_id = ? AND '),
    others: [page('prediction', ''), page('iteration_image', '')],
    imagesOf: database.prepare(
      `SELECT project_id AS projectId, image.id AS imageId ${imagesWithPhoto}`,
    ),
  };
  const inUse = (after: string, take: number): string[] => {
    const projects = sql.projects.all() as { id: string }[];
    const rows = [
      ...projects.flatMap(({ id }) => sql.ofProject.all(id, after, take)),
      ...sql.others.flatMap((statement) => statement.all(after, take)),
    ] as { photo: string }[];
    return [...new Set(rows.map(({ photo }) => photo))].toSorted().slice(0, take);
  };
  return {
    isUsed: (photo) => (sql.isUsed.get(photo) as { used: number }).used > 0,
    inUse,
    imagesOf: (photo) => sql.imagesOf.all(photo) as { projectId: string; imageId: string }[],
  };
}

import { atomically, one } from './database.ts';
import type { Connection } from './database.ts';
import type { ImageStore, NewImage } from './image-store.ts';
import type { ImportStatus, NewProject, Project, ProjectStore } from './project-store.ts';

/** Where a project is brought from, and how far that has come. */
export interface Import {
  readonly projectId: string;
  /** Tells one source from all others, so that a second try goes on with the first. */
  readonly origin: string;
  readonly status: ImportStatus;
}

export interface ImportedImage extends NewImage {
  readonly sourceId: string;
}

/**
 * The journal of projects on their way in: what came is written together with the note that it
 * came, so that whatever is broken off goes on where it was, and nothing comes twice.
 */
export interface ImportStore {
  /** Makes the project and notes where it is brought from, both or neither. */
  readonly create: (project: NewProject, originOf: (projectId: string) => string) => Project;
  /** For a project that is there already, such as one that was broken off. */
  readonly begin: (projectId: string, origin: string) => void;
  readonly of: (projectId: string) => Import | undefined;
  readonly from: (origin: string) => Import | undefined;
  /** In the order in which they began. */
  readonly unfinished: () => Import[];
  readonly end: (projectId: string, status: ImportStatus) => void;
  /** Forgets what came from where; a later import of the same origin would be a new one. */
  readonly forget: (projectId: string) => void;

  /** Ids of the source's tags, and what they are here. */
  readonly tagIds: (projectId: string) => Map<string, string>;
  readonly setTag: (projectId: string, sourceId: string, tagId: string) => void;
  /** Ids of those of the source's images that came, and what they are here. */
  readonly imageIds: (projectId: string, sourceIds: readonly string[]) => Map<string, string>;
  readonly countImages: (projectId: string) => number;
  /** A photo that the project has already is noted as that one. */
  readonly addImages: (projectId: string, images: readonly ImportedImage[]) => void;
}

const columns = 'project_id AS projectId, origin, status';

export function createImportStore(
  database: Connection,
  projects: ProjectStore,
  images: ImageStore,
  now: () => Date,
): ImportStore {
  const sql = {
    begin: database.prepare(
      'INSERT INTO project_import (project_id, origin, status, begun_at) ' +
        "VALUES (?1, ?2, 'Importing', ?3) " +
        "ON CONFLICT (project_id) DO UPDATE SET status = 'Importing', begun_at = ?3",
    ),
    of: database.prepare(`SELECT ${columns} FROM project_import WHERE project_id = ?`),
    from: database.prepare(`SELECT ${columns} FROM project_import WHERE origin = ?`),
    unfinished: database.prepare(
      `SELECT ${columns} FROM project_import WHERE status = 'Importing' ORDER BY begun_at`,
    ),
    end: database.prepare('UPDATE project_import SET status = ? WHERE project_id = ?'),
    forget: database.prepare('DELETE FROM project_import WHERE project_id = ?'),
    forgetImages: database.prepare('DELETE FROM imported_image WHERE project_id = ?'),
    forgetTags: database.prepare('DELETE FROM imported_tag WHERE project_id = ?'),
    tags: database.prepare(
      'SELECT source_id AS sourceId, tag_id AS tagId FROM imported_tag WHERE project_id = ?',
    ),
    setTag: database.prepare(
      'INSERT OR REPLACE INTO imported_tag (project_id, source_id, tag_id) VALUES (?, ?, ?)',
    ),
    images: database.prepare(
      'SELECT source_id AS sourceId, image_id AS imageId FROM imported_image ' +
        'WHERE project_id = ? AND source_id IN (SELECT value FROM json_each(?))',
    ),
    countImages: database.prepare(
      'SELECT COUNT(*) AS count FROM imported_image WHERE project_id = ?',
    ),
    addImage: database.prepare(
      'INSERT OR IGNORE INTO imported_image (project_id, source_id, image_id) VALUES (?, ?, ?)',
    ),
  };

  const begin = (projectId: string, origin: string): void =>
    void sql.begin.run(projectId, origin, now().toISOString());

  const create = (project: NewProject, originOf: (projectId: string) => string): Project => {
    const { id } = projects.create(project);
    begin(id, originOf(id));
    return projects.get(id)!;
  };

  const addImages = (projectId: string, added: readonly ImportedImage[]): void => {
    const results = images.add(projectId, added);
    added.forEach(({ sourceId }, index) => {
      sql.addImage.run(projectId, sourceId, results[index]!.id);
    });
  };

  const forget = (projectId: string): void => {
    for (const statement of [sql.forget, sql.forgetImages, sql.forgetTags]) {
      statement.run(projectId);
    }
  };

  return {
    create: (project, originOf) => atomically(database, () => create(project, originOf)),
    begin,
    of: (projectId) => one(sql.of, projectId) as Import | undefined,
    from: (origin) => one(sql.from, origin) as Import | undefined,
    unfinished: () => sql.unfinished.all() as Import[],
    end: (projectId, status) => void sql.end.run(status, projectId),
    forget: (projectId) => atomically(database, () => forget(projectId)),
    tagIds: (projectId) =>
      new Map(
        (sql.tags.all(projectId) as { sourceId: string; tagId: string }[]).map(
          ({ sourceId, tagId }) => [sourceId, tagId],
        ),
      ),
    setTag: (projectId, sourceId, tagId) => void sql.setTag.run(projectId, sourceId, tagId),
    imageIds: (projectId, sourceIds) =>
      new Map(
        (
          sql.images.all(projectId, JSON.stringify(sourceIds)) as {
            sourceId: string;
            imageId: string;
          }[]
        ).map(({ sourceId, imageId }) => [sourceId, imageId]),
      ),
    countImages: (projectId) => (one(sql.countImages, projectId) as { count: number }).count,
    addImages: (projectId, added) => atomically(database, () => addImages(projectId, added)),
  };
}

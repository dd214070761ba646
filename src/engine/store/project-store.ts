import { randomUUID } from 'node:crypto';

import { atomically, one } from './database.ts';
import type { Connection } from './database.ts';

export type ClassificationType = 'Multiclass' | 'Multilabel';
export type ImportStatus = 'Importing' | 'Succeeded' | 'Failed';

/** What a client set and the engine keeps for it, without a column of its own. */
export interface ProjectSettings {
  readonly targetExportPlatforms?: readonly string[];
  readonly imageProcessing?: { readonly augmentationMethods?: Readonly<Record<string, boolean>> };
}

export interface Project {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly domainId: string;
  readonly classificationType: ClassificationType;
  readonly settings: ProjectSettings;
  readonly createdAt: string;
  readonly modifiedAt: string;
  readonly imageCount: number;
  readonly taggedCount: number;
  /** Grows with each change of what a training would learn from. */
  readonly contentRevision: number;
  /** Succeeded, but for one that is being brought from elsewhere. */
  readonly status: ImportStatus;
}

export interface NewProject {
  readonly name: string;
  readonly domainId: string;
  readonly classificationType: ClassificationType;
  readonly description?: string;
  readonly settings?: ProjectSettings;
}

export type ProjectChanges = Partial<NewProject>;

export interface ProjectSummary {
  readonly id: string;
  readonly name: string;
  readonly publishedNames: readonly string[];
}

export interface ProjectStore {
  /** By name. */
  readonly list: () => Project[];
  readonly summaries: () => ProjectSummary[];
  readonly get: (id: string) => Project | undefined;
  readonly named: (name: string) => Project | undefined;
  readonly create: (project: NewProject) => Project;
  readonly update: (id: string, changes: ProjectChanges) => Project | undefined;
  /** What a training would learn from is no longer what it was. */
  readonly noteNewContents: (id: string) => void;
  /** With its tags, photos, iterations and predictions; gives the photos that were its. */
  readonly remove: (id: string) => string[];
  readonly regionCount: (id: string) => number;
  /** Among its images, its stored predictions and what its iterations were trained on. */
  readonly hasPhoto: (id: string, photo: string) => boolean;
  readonly hasImagesOfSeveralTags: (id: string) => boolean;
}

const columns =
  'id, name, description, domain_id AS domainId, classification_type AS classificationType, ' +
  'settings, created_at AS createdAt, modified_at AS modifiedAt, image_count AS imageCount, ' +
  'tagged_count AS taggedCount, content_revision AS contentRevision, ' +
  "COALESCE((SELECT status FROM project_import WHERE project_id = id), 'Succeeded') AS status";

export function createProjectStore(database: Connection, now: () => Date): ProjectStore {
  const sql = {
    list: database.prepare(`SELECT ${columns} FROM project ORDER BY name`),
    publishedNames: database.prepare(
      'SELECT published_name AS name FROM iteration ' +
        'WHERE project_id = ? AND published_name IS NOT NULL ORDER BY published_name',
    ),
    get: database.prepare(`SELECT ${columns} FROM project WHERE id = ?`),
    named: database.prepare(`SELECT ${columns} FROM project WHERE name = ?`),
    add: database.prepare(
      'INSERT INTO project ' +
        '(id, name, description, domain_id, classification_type, settings, created_at, ' +
        'modified_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    ),
    update: database.prepare(
      'UPDATE project SET name = ?, description = ?, domain_id = ?, classification_type = ?, ' +
        'settings = ?, modified_at = ?, content_revision = content_revision + ? WHERE id = ?',
    ),
    noteNewContents: database.prepare(
      'UPDATE project SET content_revision = content_revision + 1 WHERE id = ?',
    ),
    photos: database.prepare(
      'SELECT photo FROM image WHERE project_id = ?1 ' +
        'UNION SELECT photo FROM prediction WHERE project_id = ?1 ' +
        'UNION SELECT photo FROM iteration_image WHERE iteration_id IN ' +
        '(SELECT id FROM iteration WHERE project_id = ?1)',
    ),
    remove: database.prepare('DELETE FROM project WHERE id = ?'),
    regions: database.prepare(
      'SELECT COUNT(*) AS count FROM region JOIN image ON image.id = image_id WHERE project_id = ?',
    ),
    hasPhoto: database.prepare(
      'SELECT EXISTS (SELECT 1 FROM image WHERE project_id = ?1 AND photo = ?2) ' +
        'OR EXISTS (SELECT 1 FROM prediction WHERE photo = ?2 AND project_id = ?1) ' +
        'OR EXISTS (SELECT 1 FROM iteration_image WHERE photo = ?2 AND iteration_id IN ' +
        '(SELECT id FROM iteration WHERE project_id = ?1)) AS found',
    ),
    severalTags: database.prepare(
      'SELECT EXISTS (SELECT 1 FROM image WHERE project_id = ? AND tag_count > 1) AS found',
    ),
  };

  const get = (id: string): Project | undefined => toProject(one(sql.get, id.toLowerCase()));

  const update = (id: string, changes: ProjectChanges): Project | undefined => {
    const old = get(id);
    if (!old) return undefined;
    const next = { ...old, ...changes };
    const learnsOtherwise =
      next.domainId !== old.domainId || next.classificationType !== old.classificationType;
    sql.update.run(
      next.name,
      next.description,
      next.domainId,
      next.classificationType,
      JSON.stringify(next.settings),
      now().toISOString(),
      learnsOtherwise ? 1 : 0,
      old.id,
    );
    return get(id);
  };

  const remove = (id: string): string[] => {
    const photos = (sql.photos.all(id) as { photo: string }[]).map(({ photo }) => photo);
    sql.remove.run(id);
    return photos;
  };

  return {
    list: () => sql.list.all().map(toKnownProject),
    summaries: () =>
      sql.list.all().map((row) => {
        const { id, name } = toKnownProject(row);
        const published = sql.publishedNames.all(id) as { name: string }[];
        return { id, name, publishedNames: published.map((each) => each.name) };
      }),
    get,
    named: (name) => toProject(one(sql.named, name)),
    create({ name, description = '', domainId, classificationType, settings = {} }) {
      const id = randomUUID();
      const at = now().toISOString();
      const json = JSON.stringify(settings);
      sql.add.run(id, name, description, domainId, classificationType, json, at, at);
      return toKnownProject(one(sql.get, id));
    },
    update: (id, changes) => atomically(database, () => update(id, changes)),
    noteNewContents: (id) => void sql.noteNewContents.run(id),
    remove: (id) => atomically(database, () => remove(id)),
    regionCount: (id) => (one(sql.regions, id) as { count: number }).count,
    hasPhoto: (id, photo) => (one(sql.hasPhoto, id, photo) as { found: number }).found > 0,
    hasImagesOfSeveralTags: (id) => (one(sql.severalTags, id) as { found: number }).found === 1,
  };
}

function toProject(row: unknown): Project | undefined {
  return row === undefined ? undefined : toKnownProject(row);
}

function toKnownProject(row: unknown): Project {
  const { settings, ...project } = row as Omit<Project, 'settings'> & { settings: string };
  return { ...project, settings: JSON.parse(settings) as ProjectSettings };
}

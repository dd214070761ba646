import { randomUUID } from 'node:crypto';

import { limits } from '../limits.ts';
import { decodeFloat16, encodeFloat16 } from '../model/float16.ts';
import { openDatabase } from './database.ts';
import { openPhotoFiles } from './photo-files.ts';
import type { PhotoFiles } from './photo-files.ts';

export type StoredTagType = 'Regular' | 'Negative' | 'GeneralProduct';

export interface Project {
  readonly id: string;
  readonly name: string;
  readonly domainId: string;
  readonly classificationType: 'Multiclass' | 'Multilabel';
}

export interface ProjectSummary {
  readonly id: string;
  readonly name: string;
  readonly publishedNames: readonly string[];
}

export interface Tag {
  readonly id: string;
  readonly name: string;
  readonly type: StoredTagType;
}

export interface Iteration {
  readonly id: string;
  readonly name: string;
  readonly publishedName: string | null;
  readonly fingerprint: string;
  readonly report: unknown;
}

/** What a folder of photos says that a project holds. */
export interface TaughtTag {
  readonly name: string;
  readonly type: StoredTagType;
  readonly photos: readonly {
    readonly name: string;
    readonly width: number;
    readonly height: number;
  }[];
}

export interface CompletedTraining {
  readonly backboneId: string;
  readonly fingerprint: string;
  readonly head: Uint8Array;
  readonly report: unknown;
  readonly publishedName?: string;
}

export interface CachedFeatures {
  readonly photo: string;
  readonly backboneId: string;
  readonly recipeId: string;
}

export interface StoredPrediction {
  readonly id: string;
  readonly projectId: string;
  readonly iterationId: string;
  readonly photo: string;
  readonly predictions: unknown;
  readonly createdAt: string;
}

/** Projects, tags, photos, iterations and predictions; the only place that knows SQL. */
export interface Store {
  readonly photos: PhotoFiles;
  readonly projects: () => ProjectSummary[];
  readonly project: (id: string) => Project | undefined;
  readonly projectNamed: (name: string) => Project | undefined;
  readonly createProject: (project: Omit<Project, 'id'>) => Project;
  /** Makes the project hold just these tags and photos; tags that stay keep their ids. */
  readonly replaceContents: (projectId: string, tags: readonly TaughtTag[]) => Tag[];
  readonly iterations: (projectId: string) => Iteration[];
  /** Adds the iteration and publishes it in one step; a name moves over from its older bearer. */
  readonly addIteration: (projectId: string, training: CompletedTraining) => Iteration;
  readonly publish: (projectId: string, iterationId: string, name: string) => void;
  readonly published: (
    projectId: string,
    name: string,
  ) => { readonly id: string; readonly backboneId: string } | undefined;
  readonly head: (iterationId: string) => Uint8Array | undefined;
  /** Gives the names of photos that nothing needs any more, for older predictions made room. */
  readonly keepPrediction: (prediction: StoredPrediction) => string[];
  readonly predictionCount: (projectId: string) => number;
  /** Features of at least `viewCount` views, or undefined where they are not kept. */
  readonly cachedFeatures: (
    key: CachedFeatures,
    viewCount: number,
    featureCount: number,
  ) => Float32Array[] | undefined;
  readonly cacheFeatures: (key: CachedFeatures, views: readonly Float32Array[]) => void;
  readonly close: () => void;
}

export interface StoreOptions {
  readonly now?: () => Date;
  /** In each project; the oldest make room. */
  readonly storedPredictions?: number;
}

const iterationColumns = `id, name, published_name AS publishedName, fingerprint, report`;

/** @throws StoreError where the folder cannot be used. */
export function openStore(
  dataDir: string,
  {
    now = () => new Date(),
    storedPredictions = limits.storedPredictionsPerProject,
  }: StoreOptions = {},
): Store {
  const database = openDatabase(dataDir);
  const sql = {
    projects: database.prepare('SELECT id, name FROM project ORDER BY name'),
    publishedNames: database.prepare(
      'SELECT published_name AS name FROM iteration ' +
        'WHERE project_id = ? AND published_name IS NOT NULL ORDER BY published_name',
    ),
    project: database.prepare(
      'SELECT id, name, domain_id AS domainId, classification_type AS classificationType ' +
        'FROM project WHERE id = ? COLLATE NOCASE',
    ),
    projectNamed: database.prepare(
      'SELECT id, name, domain_id AS domainId, classification_type AS classificationType ' +
        'FROM project WHERE name = ?',
    ),
    addProject: database.prepare(
      'INSERT INTO project (id, name, domain_id, classification_type, created_at, modified_at) ' +
        'VALUES (?, ?, ?, ?, ?, ?)',
    ),
    tags: database.prepare('SELECT id, name, type FROM tag WHERE project_id = ? ORDER BY name'),
    addTag: database.prepare('INSERT INTO tag (id, project_id, name, type) VALUES (?, ?, ?, ?)'),
    setTagType: database.prepare('UPDATE tag SET type = ? WHERE id = ?'),
    removeTag: database.prepare('DELETE FROM tag WHERE id = ?'),
    removeImages: database.prepare('DELETE FROM image WHERE project_id = ?'),
    addImage: database.prepare(
      'INSERT INTO image (id, project_id, photo, width, height, created_at) ' +
        'VALUES (?, ?, ?, ?, ?, ?)',
    ),
    tagImage: database.prepare('INSERT INTO image_tag (image_id, tag_id) VALUES (?, ?)'),
    iterations: database.prepare(
      `SELECT ${iterationColumns} FROM iteration WHERE project_id = ? ORDER BY number DESC`,
    ),
    iteration: database.prepare(`SELECT ${iterationColumns} FROM iteration WHERE id = ?`),
    nextNumber: database.prepare(
      'SELECT COALESCE(MAX(number), 0) + 1 AS number FROM iteration WHERE project_id = ?',
    ),
    addIteration: database.prepare(
      'INSERT INTO iteration (id, project_id, number, name, status, backbone_id, fingerprint, ' +
        "report, head, created_at, trained_at) VALUES (?, ?, ?, ?, 'Completed', ?, ?, ?, ?, ?, ?)",
    ),
    pruneIterations: database.prepare(
      'DELETE FROM iteration WHERE project_id = ? AND published_name IS NULL AND number <= ?',
    ),
    unpublish: database.prepare(
      'UPDATE iteration SET published_name = NULL WHERE project_id = ? AND published_name = ?',
    ),
    publish: database.prepare(
      'UPDATE iteration SET published_name = ? WHERE project_id = ? AND id = ?',
    ),
    published: database.prepare(
      'SELECT id, backbone_id AS backboneId FROM iteration ' +
        'WHERE project_id = ? AND published_name = ?',
    ),
    head: database.prepare('SELECT head FROM iteration WHERE id = ?'),
    addPrediction: database.prepare(
      'INSERT INTO prediction (id, project_id, iteration_id, photo, predictions, created_at) ' +
        'VALUES (?, ?, ?, ?, ?, ?)',
    ),
    oldPredictions: database.prepare(
      'SELECT id, photo FROM prediction WHERE project_id = ? ' +
        'ORDER BY created_at DESC, id LIMIT -1 OFFSET ?',
    ),
    removePrediction: database.prepare('DELETE FROM prediction WHERE id = ?'),
    photoUses: database.prepare(
      'SELECT EXISTS (SELECT 1 FROM image WHERE photo = ?1) ' +
        'OR EXISTS (SELECT 1 FROM prediction WHERE photo = ?1) AS used',
    ),
    countPredictions: database.prepare(
      'SELECT COUNT(*) AS count FROM prediction WHERE project_id = ?',
    ),
    features: database.prepare(
      'SELECT view_count AS viewCount, halves FROM feature ' +
        'WHERE photo = ? AND backbone_id = ? AND recipe_id = ?',
    ),
    addFeatures: database.prepare(
      'INSERT OR REPLACE INTO feature (photo, backbone_id, recipe_id, view_count, halves) ' +
        'VALUES (?, ?, ?, ?, ?)',
    ),
  };

  const replaceContents = database.transaction(
    (projectId: string, wanted: readonly TaughtTag[]): Tag[] => {
      const at = now().toISOString();
      const old = new Map((sql.tags.all(projectId) as Tag[]).map((tag) => [tag.name, tag]));
      sql.removeImages.run(projectId);
      const tags = wanted.map(({ name, type, photos }): Tag => {
        const id = old.get(name)?.id ?? randomUUID();
        if (old.has(name)) sql.setTagType.run(type, id);
        else sql.addTag.run(id, projectId, name, type);
        for (const photo of photos) {
          const imageId = randomUUID();
          sql.addImage.run(imageId, projectId, photo.name, photo.width, photo.height, at);
          sql.tagImage.run(imageId, id);
        }
        return { id, name, type };
      });
      const names = new Set(wanted.map((tag) => tag.name));
      for (const tag of old.values()) if (!names.has(tag.name)) sql.removeTag.run(tag.id);
      return tags;
    },
  );

  const publish = database.transaction(
    (projectId: string, iterationId: string, name: string): void => {
      sql.unpublish.run(projectId, name);
      sql.publish.run(name, projectId, iterationId);
    },
  );

  const addIteration = database.transaction(
    (projectId: string, training: CompletedTraining): Iteration => {
      const id = randomUUID();
      const at = now().toISOString();
      const { number } = sql.nextNumber.get(projectId) as { number: number };
      sql.addIteration.run(
        id,
        projectId,
        number,
        `Iteration ${number}`,
        training.backboneId,
        training.fingerprint,
        JSON.stringify(training.report),
        Buffer.from(training.head),
        at,
        at,
      );
      if (training.publishedName !== undefined) {
        sql.unpublish.run(projectId, training.publishedName);
        sql.publish.run(training.publishedName, projectId, id);
      }
      sql.pruneIterations.run(projectId, number - limits.iterationsPerProject);
      return toIteration(sql.iteration.get(id));
    },
  );

  const keepPrediction = database.transaction((prediction: StoredPrediction): string[] => {
    const { id, projectId, iterationId, photo, predictions, createdAt } = prediction;
    const json = JSON.stringify(predictions);
    sql.addPrediction.run(id, projectId, iterationId, photo, json, createdAt);
    const old = sql.oldPredictions.all(projectId, storedPredictions) as {
      id: string;
      photo: string;
    }[];
    for (const row of old) sql.removePrediction.run(row.id);
    const names = new Set(old.map((row) => row.photo));
    return [...names].filter((name) => (sql.photoUses.get(name) as { used: number }).used === 0);
  });

  return {
    photos: openPhotoFiles(dataDir),
    projects: () =>
      (sql.projects.all() as { id: string; name: string }[]).map(({ id, name }) => ({
        id,
        name,
        publishedNames: (sql.publishedNames.all(id) as { name: string }[]).map((row) => row.name),
      })),
    project: (id) => sql.project.get(id) as Project | undefined,
    projectNamed: (name) => sql.projectNamed.get(name) as Project | undefined,
    createProject({ name, domainId, classificationType }) {
      const id = randomUUID();
      const at = now().toISOString();
      sql.addProject.run(id, name, domainId, classificationType, at, at);
      return { id, name, domainId, classificationType };
    },
    replaceContents: (projectId, tags) => replaceContents.immediate(projectId, tags),
    iterations: (projectId) => sql.iterations.all(projectId).map(toIteration),
    addIteration: (projectId, training) => addIteration.immediate(projectId, training),
    publish: (projectId, iterationId, name) => publish.immediate(projectId, iterationId, name),
    published: (projectId, name) =>
      sql.published.get(projectId, name) as { id: string; backboneId: string } | undefined,
    head: (iterationId) =>
      (sql.head.get(iterationId) as { head: Uint8Array | null } | undefined)?.head ?? undefined,
    keepPrediction: (prediction) => keepPrediction.immediate(prediction),
    predictionCount: (projectId) =>
      (sql.countPredictions.get(projectId) as { count: number }).count,
    cachedFeatures({ photo, backboneId, recipeId }, viewCount, featureCount) {
      const row = sql.features.get(photo, backboneId, recipeId) as
        { viewCount: number; halves: Uint8Array } | undefined;
      if (!row || row.viewCount < viewCount) return undefined;
      const bytes = Uint8Array.from(row.halves);
      if (bytes.length !== row.viewCount * featureCount * 2) return undefined;
      return Array.from({ length: viewCount }, (_, view) =>
        decodeFloat16(new Uint16Array(bytes.buffer, view * featureCount * 2, featureCount)),
      );
    },
    cacheFeatures({ photo, backboneId, recipeId }, views) {
      const halves = Buffer.concat(views.map((view) => Buffer.from(encodeFloat16(view).buffer)));
      sql.addFeatures.run(photo, backboneId, recipeId, views.length, halves);
    },
    close: () => database.close(),
  };
}

function toIteration(row: unknown): Iteration {
  const { report, ...iteration } = row as Iteration & { report: string };
  return { ...iteration, report: JSON.parse(report) as unknown };
}

import { randomUUID } from 'node:crypto';

import { atomically, one } from './database.ts';
import type { Connection } from './database.ts';
import type { IterationImageStore } from './iteration-image-store.ts';
import type { ClassificationType } from './project-store.ts';
import type { Tag } from './tag-store.ts';

export type TrainingType = 'Regular' | 'Advanced';
export type IterationStatus = 'New' | 'Training' | 'Completed' | 'Failed';

export interface Iteration {
  readonly id: string;
  readonly projectId: string;
  readonly number: number;
  readonly name: string;
  readonly status: IterationStatus;
  readonly publishedName: string | null;
  readonly publishResource: string | null;
  /** Empty until it is trained, as is the fingerprint. */
  readonly backboneId: string;
  readonly fingerprint: string;
  readonly report: unknown;
  readonly domainId: string;
  readonly classificationType: ClassificationType;
  readonly trainingType: TrainingType;
  readonly reservedHours: number;
  readonly createdAt: string;
  readonly modifiedAt: string;
  readonly trainedAt: string | null;
  readonly trainingMs: number;
  readonly errorDetails: string | null;
  /** The project's, when its contents were taken; null where they never were. */
  readonly contentRevision: number | null;
  /** As they were at the training, in the order of the head's outputs. */
  readonly tags: readonly Tag[];
}

export interface CompletedTraining {
  readonly backboneId: string;
  readonly fingerprint: string;
  readonly head: Uint8Array;
  readonly report: unknown;
}

export interface TrainedIteration extends CompletedTraining {
  readonly trainingMs: number;
}

/** An iteration as it was at its source, with the ids of the new project. */
export type ImportedIteration = Omit<
  Iteration,
  'id' | 'projectId' | 'publishedName' | 'publishResource'
> & { readonly head: Uint8Array | null };

/** What an engine can serve heads of. */
export interface Served {
  readonly backboneId: string;
  /** What the files of such heads begin with. */
  readonly headMark: Uint8Array;
}

export interface IterationStore {
  /** Newest first. */
  readonly list: (projectId: string) => Iteration[];
  readonly get: (projectId: string, id: string) => Iteration | undefined;
  readonly find: (id: string) => Iteration | undefined;
  /** Asked for at every prediction, so it gives no more than that needs. */
  readonly published: (
    projectId: string,
    name: string,
  ) => Pick<Iteration, 'id' | 'backboneId'> | undefined;
  readonly head: (id: string) => Uint8Array | undefined;
  /** An iteration in training, of which nothing is known yet. */
  readonly begin: (
    projectId: string,
    options: { readonly trainingType: TrainingType; readonly reservedHours: number },
  ) => Iteration;
  /** Whether one that takes over its name is in training. */
  readonly isBeingReplaced: (id: string) => boolean;
  /** Those in training, in the order in which they began. */
  readonly unfinished: () => { readonly id: string; readonly projectId: string }[];
  /** What it is trained on: the project's tags, and the project's revision when they were taken. */
  readonly setContents: (id: string, tags: readonly Tag[], contentRevision: number) => void;
  /** Counts one more try, or one less, and gives how many there were. */
  readonly attempt: (id: string, change: 1 | -1) => number;
  /** Head and report together, or nothing of them. False where it is no longer in training. */
  readonly complete: (id: string, trained: TrainedIteration) => boolean;
  readonly fail: (id: string, details: string) => void;
  readonly rename: (projectId: string, id: string, name: string) => Iteration | undefined;
  /** Makes it one that failed, so that nothing takes it for whole while it goes away in steps. */
  readonly abandon: (id: string, details: string) => void;
  /** Gives the photos that it was trained on. */
  readonly remove: (projectId: string, id: string) => string[];
  /** A name moves over from its older bearer. */
  readonly publish: (projectId: string, id: string, name: string, resource?: string) => void;
  readonly unpublish: (projectId: string, id: string) => void;
  /**
   * Published ones whose head is of another backbone or form, with something to train on, and of
   * which no training on this backbone was begun.
   */
  readonly outdated: (served: Served) => Iteration[];
  /** When it completes it takes over the former's name; on which backbone is noted for a failure. */
  readonly setReplaced: (id: string, formerId: string, backboneId: string) => void;
  /** Takes away those that are not published, up to the number. */
  readonly prune: (projectId: string, number: number) => void;

  /** Numbers of those that an import has finished, or that were trained here. */
  readonly numbers: (projectId: string) => Set<number>;
  /** Of status New until it is finished; one of that number that was broken off goes away. */
  readonly beginImported: (projectId: string, iteration: ImportedIteration) => string;
  readonly finishImported: (
    id: string,
    iteration: Pick<ImportedIteration, 'status' | 'head'>,
  ) => void;
}

const columns =
  'id, project_id AS projectId, number, name, status, published_name AS publishedName, ' +
  'publish_resource AS publishResource, backbone_id AS backboneId, fingerprint, report, ' +
  'domain_id AS domainId, classification_type AS classificationType, ' +
  'training_type AS trainingType, reserved_hours AS reservedHours, created_at AS createdAt, ' +
  'modified_at AS modifiedAt, trained_at AS trainedAt, training_ms AS trainingMs, ' +
  'error_details AS errorDetails, content_revision AS contentRevision, tags';

export function createIterationStore(
  database: Connection,
  images: Pick<IterationImageStore, 'photos'>,
  now: () => Date,
): IterationStore {
  const sql = {
    list: database.prepare(
      `SELECT ${columns} FROM iteration WHERE project_id = ? ORDER BY number DESC`,
    ),
    get: database.prepare(`SELECT ${columns} FROM iteration WHERE id = ?`),
    published: database.prepare(
      'SELECT id, backbone_id AS backboneId FROM iteration ' +
        'WHERE project_id = ? AND published_name = ?',
    ),
    head: database.prepare('SELECT head FROM iteration WHERE id = ?'),
    add: database.prepare(
      'INSERT INTO iteration (id, project_id, number, name, status, backbone_id, fingerprint, ' +
        'report, created_at, modified_at, domain_id, classification_type, training_type, ' +
        'reserved_hours) SELECT ?1, id, ' +
        '(SELECT COALESCE(MAX(number), 0) + 1 FROM iteration WHERE project_id = ?2), ' +
        "'', 'Training', '', '', 'null', ?3, ?3, domain_id, classification_type, ?4, ?5 " +
        'FROM project WHERE id = ?2',
    ),
    nameByNumber: database.prepare(
      "UPDATE iteration SET name = 'Iteration ' || number WHERE id = ?",
    ),
    unfinished: database.prepare(
      "SELECT id, project_id AS projectId FROM iteration WHERE status = 'Training' " +
        'ORDER BY created_at, number',
    ),
    setContents: database.prepare(
      'UPDATE iteration SET tags = ?, content_revision = ? WHERE id = ?',
    ),
    complete: database.prepare(
      "UPDATE iteration SET status = 'Completed', backbone_id = ?, fingerprint = ?, head = ?, " +
        'report = ?, training_ms = ?, trained_at = ?, modified_at = ?, error_details = NULL ' +
        "WHERE id = ? AND status = 'Training'",
    ),
    attempt: database.prepare(
      'UPDATE iteration SET attempts = attempts + ? WHERE id = ? RETURNING attempts',
    ),
    fail: database.prepare(
      "UPDATE iteration SET status = 'Failed', error_details = ?, modified_at = ? " +
        "WHERE id = ? AND status = 'Training'",
    ),
    rename: database.prepare(
      'UPDATE iteration SET name = ?, modified_at = ? WHERE project_id = ? AND id = ?',
    ),
    abandon: database.prepare(
      "UPDATE iteration SET status = 'Failed', head = NULL, error_details = ?, modified_at = ? " +
        'WHERE id = ? AND published_name IS NULL',
    ),
    remove: database.prepare('DELETE FROM iteration WHERE project_id = ? AND id = ?'),
    clearName: database.prepare(
      'UPDATE iteration SET published_name = NULL, publish_resource = NULL, modified_at = ? ' +
        'WHERE project_id = ? AND published_name = ?',
    ),
    publish: database.prepare(
      'UPDATE iteration SET published_name = ?, publish_resource = ?, modified_at = ? ' +
        'WHERE project_id = ? AND id = ?',
    ),
    unpublish: database.prepare(
      'UPDATE iteration SET published_name = NULL, publish_resource = NULL, modified_at = ? ' +
        'WHERE project_id = ? AND id = ?',
    ),
    outdated: database.prepare(
      'SELECT id FROM iteration WHERE published_name IS NOT NULL ' +
        'AND (backbone_id <> ?1 OR substr(head, 1, length(?2)) <> ?2) ' +
        'AND NOT EXISTS (SELECT 1 FROM iteration AS later WHERE later.replaces = iteration.id ' +
        "AND (later.status <> 'Failed' OR later.backbone_id = ?1)) " +
        'AND (EXISTS (SELECT 1 FROM iteration_image WHERE iteration_id = iteration.id) ' +
        'OR (content_revision IS NULL AND EXISTS ' +
        '(SELECT 1 FROM image WHERE project_id = iteration.project_id AND tagged = 1)))',
    ),
    replace: database.prepare('UPDATE iteration SET replaces = ?, backbone_id = ? WHERE id = ?'),
    beingReplaced: database.prepare(
      "SELECT 1 FROM iteration WHERE replaces = ? AND status = 'Training'",
    ),
    replaced: database.prepare(
      'SELECT former.published_name AS name, former.publish_resource AS resource ' +
        'FROM iteration JOIN iteration AS former ON former.id = iteration.replaces ' +
        'WHERE iteration.id = ? AND former.published_name IS NOT NULL',
    ),
    prune: database.prepare(
      'DELETE FROM iteration WHERE project_id = ? AND published_name IS NULL AND number <= ?',
    ),
    numbers: database.prepare(
      "SELECT number FROM iteration WHERE project_id = ? AND status <> 'New'",
    ),
    removeNew: database.prepare(
      "DELETE FROM iteration WHERE project_id = ? AND number = ? AND status = 'New'",
    ),
    addImported: database.prepare(
      'INSERT INTO iteration (id, project_id, number, name, status, backbone_id, fingerprint, ' +
        'report, created_at, trained_at, modified_at, domain_id, classification_type, ' +
        'training_type, reserved_hours, training_ms, error_details, content_revision, tags) ' +
        "VALUES (?, ?, ?, ?, 'New', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    ),
    finishImported: database.prepare('UPDATE iteration SET status = ?, head = ? WHERE id = ?'),
  };

  const found = (id: string): Iteration | undefined => {
    const row = one(sql.get, id);
    return row === undefined ? undefined : toIteration(row);
  };

  const known = (id: string): Iteration => {
    const iteration = found(id);
    if (!iteration) throw new Error(`There is no iteration ${id}.`);
    return iteration;
  };

  const get = (projectId: string, id: string): Iteration | undefined => {
    const iteration = found(id.toLowerCase());
    return iteration?.projectId === projectId ? iteration : undefined;
  };

  const begin = (
    projectId: string,
    trainingType: TrainingType,
    reservedHours: number,
  ): Iteration => {
    const id = randomUUID();
    sql.add.run(id, projectId, now().toISOString(), trainingType, reservedHours);
    sql.nameByNumber.run(id);
    return known(id);
  };

  const complete = (id: string, trained: TrainedIteration): boolean => {
    const at = now().toISOString();
    const { backboneId, fingerprint, head, report, trainingMs } = trained;
    const json = JSON.stringify(report);
    const ms = Math.round(trainingMs);
    const { changes } = sql.complete.run(
      backboneId,
      fingerprint,
      Buffer.from(head),
      json,
      ms,
      at,
      at,
      id,
    );
    if (changes === 0) return false;
    const taken = one(sql.replaced, id) as { name: string; resource: string | null } | undefined;
    if (taken) publish(known(id).projectId, id, taken.name, taken.resource ?? undefined);
    return true;
  };

  const remove = (projectId: string, id: string): string[] => {
    const photos = images.photos(id);
    return sql.remove.run(projectId, id).changes > 0 ? photos : [];
  };

  const publish = (projectId: string, id: string, name: string, resource?: string): void => {
    const at = now().toISOString();
    sql.clearName.run(at, projectId, name);
    sql.publish.run(name, resource ?? null, at, projectId, id);
  };

  const beginImported = (projectId: string, iteration: ImportedIteration): string => {
    const id = randomUUID();
    sql.removeNew.run(projectId, iteration.number);
    sql.addImported.run(
      id,
      projectId,
      iteration.number,
      iteration.name,
      iteration.backboneId,
      iteration.fingerprint,
      JSON.stringify(iteration.report),
      iteration.createdAt,
      iteration.trainedAt,
      iteration.modifiedAt,
      iteration.domainId,
      iteration.classificationType,
      iteration.trainingType,
      iteration.reservedHours,
      iteration.trainingMs,
      iteration.errorDetails,
      iteration.contentRevision,
      JSON.stringify(iteration.tags),
    );
    return id;
  };

  return {
    list: (projectId) => sql.list.all(projectId).map(toIteration),
    get,
    find: found,
    published: (projectId, name) =>
      one(sql.published, projectId, name) as { id: string; backboneId: string } | undefined,
    head: (id) => (one(sql.head, id) as { head: Uint8Array | null } | undefined)?.head ?? undefined,
    begin: (projectId, { trainingType, reservedHours }) =>
      atomically(database, () => begin(projectId, trainingType, reservedHours)),
    isBeingReplaced: (id) => one(sql.beingReplaced, id) !== undefined,
    unfinished: () => sql.unfinished.all() as { id: string; projectId: string }[],
    setContents: (id, tags, contentRevision) =>
      void sql.setContents.run(JSON.stringify(tags), contentRevision, id),
    attempt: (id, change) =>
      (one(sql.attempt, change, id) as { attempts: number } | undefined)?.attempts ?? 0,
    complete: (id, trained) => atomically(database, () => complete(id, trained)),
    fail: (id, details) => void sql.fail.run(details, now().toISOString(), id),
    rename(projectId, id, name) {
      sql.rename.run(name, now().toISOString(), projectId, id.toLowerCase());
      return get(projectId, id);
    },
    abandon: (id, details) => void sql.abandon.run(details, now().toISOString(), id),
    remove: (projectId, id) => atomically(database, () => remove(projectId, id.toLowerCase())),
    publish: (projectId, id, name, resource) =>
      atomically(database, () => publish(projectId, id, name, resource)),
    unpublish: (projectId, id) => void sql.unpublish.run(now().toISOString(), projectId, id),
    outdated: ({ backboneId, headMark }) =>
      (sql.outdated.all(backboneId, headMark) as { id: string }[]).map(({ id }) => known(id)),
    setReplaced: (id, formerId, backboneId) => void sql.replace.run(formerId, backboneId, id),
    prune: (projectId, number) => void sql.prune.run(projectId, number),
    numbers: (projectId) =>
      new Set((sql.numbers.all(projectId) as { number: number }[]).map(({ number }) => number)),
    beginImported: (projectId, iteration) =>
      atomically(database, () => beginImported(projectId, iteration)),
    finishImported: (id, { status, head }) =>
      void sql.finishImported.run(status, head && Buffer.from(head), id),
  };
}

function toIteration(row: unknown): Iteration {
  const { report, tags, ...iteration } = row as Omit<Iteration, 'tags'> & {
    report: string;
    tags: string;
  };
  return {
    ...iteration,
    report: JSON.parse(report) as unknown,
    tags: JSON.parse(tags) as Tag[],
  };
}

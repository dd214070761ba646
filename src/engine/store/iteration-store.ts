import { randomUUID } from 'node:crypto';

import { limits } from '../domain/limits.ts';
import { atomically, one } from './database.ts';
import type { Connection } from './database.ts';
import type { Box } from '../domain/box.ts';
import { wholeStretch } from './list-places.ts';
import type { ListPlaces, Moment, Page } from './list-places.ts';
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

/** What a photo was taught as; with its place in a detection project. */
export interface Label extends Partial<Box> {
  readonly tagId: string;
  readonly regionId?: string;
}

/** A photo as an iteration was trained on it. */
export interface IterationImage {
  readonly imageId: string;
  readonly photo: string;
  readonly width: number;
  readonly height: number;
  readonly createdAt: string;
  readonly labels: readonly Label[];
  /** What the cross-validation said of it; null where there was none. */
  readonly validation: Uint8Array | null;
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

/** What a cross-validation said of an image; see `encodeHeldOut`. */
export interface Validation {
  readonly imageId: string;
  readonly bytes: Uint8Array;
}

export interface TrainedElsewhere extends CompletedTraining {
  readonly publishedName?: string;
  readonly trainingMs?: number;
  /**
   * Where it is given, the iteration is taken to be trained on what the project holds now; it is
   * asked what was said of each photo, of which it gets the name.
   */
  readonly validationOf?: (photo: string, tags: readonly Tag[]) => Uint8Array | undefined;
}

/** What a training learnt of one photo, by the tags that the iteration was trained with. */
export interface ValidatedImage {
  readonly imageId: string;
  readonly tagIds: readonly string[];
  readonly labels: readonly Label[];
  readonly validation: Uint8Array | null;
}

/** A training that takes over the published name of an iteration on an earlier backbone. */
export interface Replacement {
  readonly iteration: Iteration;
  readonly former: Iteration;
}

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
  /**
   * Takes the project's tags and tagged photos as they are now, once: a training that was
   * interrupted finds what it began with. It goes in steps, with `between` after each, so that
   * others can write meanwhile; undefined where the iteration was deleted.
   */
  readonly takeContents: (id: string, between?: () => void) => Iteration | undefined;
  readonly contents: (id: string) => IterationImage[];
  /** Counts one more try, or one less, and gives how many there were. */
  readonly attempt: (id: string, change: 1 | -1) => number;
  /** Nobody sees it before the iteration is completed, so it may come in parts. */
  readonly validate: (id: string, validation: Iterable<Validation>) => void;
  /** Head and report together, or nothing of them. False where it is no longer in training. */
  readonly complete: (id: string, trained: TrainedIteration) => boolean;
  readonly fail: (id: string, details: string) => void;
  readonly rename: (projectId: string, id: string, name: string) => Iteration | undefined;
  /** Makes it one that failed, so that nothing takes it for whole while it goes away in steps. */
  readonly abandon: (id: string, details: string) => void;
  /** Makes it forget so many of its images; gives their photos. */
  readonly forgetSome: (id: string, most: number) => string[];
  /** Gives the photos that it was trained on. */
  readonly remove: (projectId: string, id: string) => string[];
  /** A name moves over from its older bearer. */
  readonly publish: (projectId: string, id: string, name: string, resource?: string) => void;
  readonly unpublish: (projectId: string, id: string) => void;
  readonly images: (
    id: string,
    tagIds: readonly string[] | undefined,
    page: Page,
  ) => IterationImage[];
  /** Of all images that it was trained on, oldest first. */
  readonly imageIds: (id: string) => string[];
  /** In the order asked for; what it was not trained on is left out. */
  readonly imagesByIds: (id: string, imageIds: readonly string[]) => IterationImage[];
  /** Makes it forget photos that it was trained on; gives those. */
  readonly forgetImages: (projectId: string, imageIds: readonly string[]) => string[];
  readonly countImages: (id: string, tagIds: readonly string[] | undefined) => number;
  /** By image id, those after the given one. */
  readonly validated: (id: string, afterImageId: string, take: number) => ValidatedImage[];
  /**
   * Begins an iteration for each published one whose head is of another backbone or form, on the
   * photos and tags of that one; it takes over the name when it completes. Once for each backbone,
   * even where it fails.
   */
  readonly beginAgain: (served: Served) => Replacement[];
  /** Adds what was trained elsewhere and publishes it in one step. */
  readonly add: (projectId: string, training: TrainedElsewhere) => Iteration;
}

const columns =
  'id, project_id AS projectId, number, name, status, published_name AS publishedName, ' +
  'publish_resource AS publishResource, backbone_id AS backboneId, fingerprint, report, ' +
  'domain_id AS domainId, classification_type AS classificationType, ' +
  'training_type AS trainingType, reserved_hours AS reservedHours, created_at AS createdAt, ' +
  'modified_at AS modifiedAt, trained_at AS trainedAt, training_ms AS trainingMs, ' +
  'error_details AS errorDetails, content_revision AS contentRevision, tags';

const imageColumns =
  'image_id AS imageId, photo, width, height, created_at AS createdAt, labels, validation';

const withTag =
  '(?2 IS NULL OR EXISTS (SELECT 1 FROM json_each(?2) WHERE instr(labels, value) > 0))';

/** Tagged images that a step of taking a project's contents takes; ?1 is the iteration. */
const step =
  'project_id = ?2 AND tagged = 1 AND (created_at, id) > (?3, ?4) AND (created_at, id) <= (?5, ?6)';
const stepImages = 250;

export function createIterationStore(
  database: Connection,
  places: ListPlaces,
  now: () => Date,
): IterationStore {
  const imagePage = (direction: 'ASC' | 'DESC') =>
    database.prepare(
      `SELECT ${imageColumns} FROM iteration_image WHERE iteration_id = ?1 AND ${withTag} ` +
        'AND (created_at, image_id) >= (?3, ?4) AND (created_at, image_id) < (?5, ?6) ' +
        `ORDER BY created_at ${direction}, image_id ${direction} LIMIT ?7 OFFSET ?8`,
    );
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
    tags: database.prepare(
      'SELECT id, name, description, type, image_count AS imageCount FROM tag ' +
        'WHERE project_id = ? ORDER BY name',
    ),
    revision: database.prepare('SELECT content_revision AS revision FROM project WHERE id = ?'),
    setContents: database.prepare(
      'UPDATE iteration SET tags = ?, content_revision = ? WHERE id = ?',
    ),
    takeTagged: database.prepare(
      'INSERT INTO iteration_image ' +
        '(iteration_id, image_id, photo, width, height, created_at, labels) ' +
        'SELECT ?1, id, photo, width, height, created_at, ' +
        "(SELECT json_group_array(json_object('tagId', tag_id)) FROM image_tag " +
        `WHERE image_id = image.id) FROM image WHERE ${step} ` +
        'AND NOT EXISTS (SELECT 1 FROM region WHERE image_id = image.id)',
    ),
    takeRegions: database.prepare(
      'INSERT INTO iteration_image ' +
        '(iteration_id, image_id, photo, width, height, created_at, labels) ' +
        'SELECT ?1, id, photo, width, height, created_at, ' +
        "(SELECT json_group_array(json_object('tagId', tag_id, 'regionId', region.id, 'left', \"left\", 'top', top, " +
        "'width', region.width, 'height', region.height)) FROM region " +
        `WHERE image_id = image.id) FROM image WHERE ${step} ` +
        'AND EXISTS (SELECT 1 FROM region WHERE image_id = image.id)',
    ),
    stepEnd: database.prepare(
      'SELECT created_at AS createdAt, id FROM (SELECT created_at, id FROM image ' +
        'WHERE project_id = ?1 AND tagged = 1 AND (created_at, id) > (?2, ?3) ' +
        'AND created_at <= ?4 ORDER BY created_at, id LIMIT ?5) ORDER BY createdAt DESC, id DESC LIMIT 1',
    ),
    newest: database.prepare(
      "SELECT COALESCE(MAX(created_at), '') AS newest FROM image WHERE project_id = ?",
    ),
    stepTags: database.prepare(
      'SELECT DISTINCT tag_id AS tagId FROM image_tag ' +
        `WHERE image_id IN (SELECT id FROM image WHERE ${step})`,
    ),
    contents: database.prepare(
      `SELECT ${imageColumns} FROM iteration_image WHERE iteration_id = ? ORDER BY created_at, image_id`,
    ),
    complete: database.prepare(
      "UPDATE iteration SET status = 'Completed', backbone_id = ?, fingerprint = ?, head = ?, " +
        'report = ?, training_ms = ?, trained_at = ?, modified_at = ?, error_details = NULL ' +
        "WHERE id = ? AND status = 'Training'",
    ),
    attempt: database.prepare(
      'UPDATE iteration SET attempts = attempts + ? WHERE id = ? RETURNING attempts',
    ),
    validated: database.prepare(
      'SELECT image_id AS imageId, labels, validation FROM iteration_image ' +
        'WHERE iteration_id = ? AND image_id > ? ORDER BY image_id LIMIT ?',
    ),
    validate: database.prepare(
      'UPDATE iteration_image SET validation = ? WHERE iteration_id = ? AND image_id = ?',
    ),
    fail: database.prepare(
      "UPDATE iteration SET status = 'Failed', error_details = ?, modified_at = ? " +
        "WHERE id = ? AND status = 'Training'",
    ),
    rename: database.prepare(
      'UPDATE iteration SET name = ?, modified_at = ? WHERE project_id = ? AND id = ?',
    ),
    photos: database.prepare('SELECT photo FROM iteration_image WHERE iteration_id = ?'),
    abandon: database.prepare(
      "UPDATE iteration SET status = 'Failed', head = NULL, error_details = ?, modified_at = ? " +
        'WHERE id = ? AND published_name IS NULL',
    ),
    forgetSome: database.prepare(
      'DELETE FROM iteration_image WHERE iteration_id = ?1 AND image_id IN ' +
        '(SELECT image_id FROM iteration_image WHERE iteration_id = ?1 LIMIT ?2) RETURNING photo',
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
    Newest: imagePage('DESC'),
    Oldest: imagePage('ASC'),
    imageIds: database.prepare(
      'SELECT image_id AS imageId FROM iteration_image WHERE iteration_id = ? ' +
        'ORDER BY created_at, image_id',
    ),
    image: database.prepare(
      `SELECT ${imageColumns} FROM iteration_image WHERE iteration_id = ? AND image_id = ?`,
    ),
    forgetImage: database.prepare(
      'DELETE FROM iteration_image WHERE image_id = ? AND iteration_id IN ' +
        '(SELECT id FROM iteration WHERE project_id = ?) RETURNING photo',
    ),
    countImages: database.prepare(
      `SELECT COUNT(*) AS count FROM iteration_image WHERE iteration_id = ?1 AND ${withTag}`,
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
    copyContents: database.prepare(
      'INSERT INTO iteration_image ' +
        '(iteration_id, image_id, photo, width, height, created_at, labels) ' +
        'SELECT ?, image_id, photo, width, height, created_at, labels ' +
        'FROM iteration_image WHERE iteration_id = ? ORDER BY created_at, image_id',
    ),
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

  const forgetSome = (id: string, most: number): string[] =>
    (sql.forgetSome.all(id, most) as { photo: string }[]).map(({ photo }) => photo);

  /** Gives where the step ended; undefined where there was nothing more to take. */
  const takeStep = (
    { id, projectId }: Iteration,
    after: Moment,
    until: string,
    taughtTags: Set<string>,
  ): Moment | undefined => {
    const end = one(sql.stepEnd, projectId, ...after, until, stepImages) as
      { createdAt: string; id: string } | undefined;
    if (!end) return undefined;
    const range = [id, projectId, ...after, end.createdAt, end.id];
    sql.takeTagged.run(...range);
    sql.takeRegions.run(...range);
    const tags = sql.stepTags.all(...range) as { tagId: string }[];
    for (const { tagId } of tags) taughtTags.add(tagId);
    return [end.createdAt, end.id];
  };

  // Not where a tag was deleted meanwhile of which photos have been taken already.
  const endTaking = (
    { id, projectId }: Iteration,
    revision: number,
    taughtTags: ReadonlySet<string>,
  ): void => {
    const tags = sql.tags.all(projectId) as Tag[];
    const left = new Set(tags.map((tag) => tag.id));
    if ([...taughtTags].some((tagId) => !left.has(tagId))) return;
    sql.setContents.run(JSON.stringify(tags), revision, id);
  };

  const takeContents = (id: string, between: () => void): Iteration | undefined => {
    for (;;) {
      const iteration = found(id);
      if (!iteration || iteration.contentRevision !== null) return iteration;
      // What a training that was interrupted here, or a pass that came to nothing, has left.
      while (forgetSome(id, stepImages).length > 0) between();
      const taughtTags = new Set<string>();
      const { revision } = one(sql.revision, iteration.projectId) as { revision: number };
      // Else photos that keep coming would keep it going.
      const { newest } = one(sql.newest, iteration.projectId) as { newest: string };
      for (let after: Moment | undefined = ['', '']; after;) {
        const from: Moment = after;
        after = atomically(
          database,
          () => found(id) && takeStep(iteration, from, newest, taughtTags),
        );
        between();
      }
      atomically(database, () => endTaking(iteration, revision, taughtTags));
    }
  };

  const validate = (id: string, validation: Iterable<Validation>): void => {
    for (const { imageId, bytes } of validation) {
      sql.validate.run(Buffer.from(bytes), id, imageId);
    }
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
    const photos = (sql.photos.all(id) as { photo: string }[]).map(({ photo }) => photo);
    return sql.remove.run(projectId, id).changes > 0 ? photos : [];
  };

  const publish = (projectId: string, id: string, name: string, resource?: string): void => {
    const at = now().toISOString();
    sql.clearName.run(at, projectId, name);
    sql.publish.run(name, resource ?? null, at, projectId, id);
  };

  const takeValidation = (id: string, validationOf: TrainedElsewhere['validationOf']): void => {
    const { tags } = takeContents(id, () => undefined)!;
    for (const { imageId, photo } of sql.contents.all(id).map(toIterationImage)) {
      const bytes = validationOf?.(photo, tags);
      if (bytes) validate(id, [{ imageId, bytes }]);
    }
  };

  const add = (projectId: string, training: TrainedElsewhere): Iteration => {
    const { publishedName, validationOf, trainingMs = 0 } = training;
    const { id, number } = begin(projectId, 'Regular', 0);
    if (validationOf) takeValidation(id, validationOf);
    complete(id, { ...training, trainingMs });
    if (publishedName !== undefined) publish(projectId, id, publishedName);
    sql.prune.run(projectId, number - limits.iterationsPerProject);
    return known(id);
  };

  const beginAgain = ({ backboneId, headMark }: Served): Replacement[] =>
    (sql.outdated.all(backboneId, headMark) as { id: string }[]).map(({ id: formerId }) => {
      const former = known(formerId);
      const { id } = begin(former.projectId, former.trainingType, former.reservedHours);
      // Which one it failed on, should it fail: another may do better.
      sql.replace.run(formerId, backboneId, id);
      if (former.contentRevision !== null) {
        sql.setContents.run(JSON.stringify(former.tags), former.contentRevision, id);
        sql.copyContents.run(id, formerId);
      }
      return { iteration: known(id), former };
    });

  return {
    list: (projectId) => sql.list.all(projectId).map(toIteration),
    get,
    published: (projectId, name) =>
      one(sql.published, projectId, name) as { id: string; backboneId: string } | undefined,
    head: (id) => (one(sql.head, id) as { head: Uint8Array | null } | undefined)?.head ?? undefined,
    begin: (projectId, { trainingType, reservedHours }) =>
      atomically(database, () => begin(projectId, trainingType, reservedHours)),
    isBeingReplaced: (id) => one(sql.beingReplaced, id) !== undefined,
    unfinished: () => sql.unfinished.all() as { id: string; projectId: string }[],
    takeContents: (id, between = () => undefined) => takeContents(id, between),
    contents: (id) => sql.contents.all(id).map(toIterationImage),
    attempt: (id, change) =>
      (one(sql.attempt, change, id) as { attempts: number } | undefined)?.attempts ?? 0,
    validate: (id, validation) => atomically(database, () => validate(id, validation)),
    complete: (id, trained) => atomically(database, () => complete(id, trained)),
    fail: (id, details) => void sql.fail.run(details, now().toISOString(), id),
    rename(projectId, id, name) {
      sql.rename.run(name, now().toISOString(), projectId, id.toLowerCase());
      return get(projectId, id);
    },
    abandon: (id, details) => void sql.abandon.run(details, now().toISOString(), id),
    forgetSome,
    remove: (projectId, id) => atomically(database, () => remove(projectId, id.toLowerCase())),
    publish: (projectId, id, name, resource) =>
      atomically(database, () => publish(projectId, id, name, resource)),
    unpublish: (projectId, id) => void sql.unpublish.run(now().toISOString(), projectId, id),
    images(id, tagIds, page) {
      const list = listOf(tagIds);
      const stretch = list === undefined ? wholeStretch(page) : places.stretchOf(id, list, page);
      if (!stretch) return [];
      const { from, until, skip } = stretch;
      return sql[page.order]
        .all(id, jsonOrNull(tagIds), ...from, ...until, page.take, skip)
        .map(toIterationImage);
    },
    imageIds: (id) => (sql.imageIds.all(id) as { imageId: string }[]).map(({ imageId }) => imageId),
    imagesByIds: (id, imageIds) =>
      imageIds
        .map((imageId) => one(sql.image, id, imageId.toLowerCase()))
        .filter((row) => row !== undefined)
        .map(toIterationImage),
    forgetImages: (projectId, imageIds) =>
      atomically(database, () =>
        imageIds
          .flatMap((imageId) => sql.forgetImage.all(imageId, projectId))
          .map((row) => (row as { photo: string }).photo),
      ),
    countImages(id, tagIds) {
      const list = listOf(tagIds);
      return list === undefined
        ? (one(sql.countImages, id, jsonOrNull(tagIds)) as { count: number }).count
        : places.count(id, list);
    },
    validated: (id, afterImageId, take) =>
      sql.validated.all(id, afterImageId, take).map(toValidatedImage),
    beginAgain: (served) => atomically(database, () => beginAgain(served)),
    add: (projectId, training) => atomically(database, () => add(projectId, training)),
  };
}

/** Of which `places` knows how long it is; undefined for that of several tags. */
function listOf(tagIds: readonly string[] | undefined): string | undefined {
  if (tagIds === undefined) return '';
  return tagIds.length === 1 ? tagIds[0] : undefined;
}

function jsonOrNull(ids: readonly string[] | undefined): string | null {
  return ids === undefined ? null : JSON.stringify(ids);
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

function toValidatedImage(row: unknown): ValidatedImage {
  const { imageId, labels, validation } = row as {
    imageId: string;
    labels: string;
    validation: ArrayBuffer | Uint8Array | null;
  };
  const known = JSON.parse(labels) as Label[];
  return {
    imageId,
    tagIds: known.map(({ tagId }) => tagId),
    labels: known,
    validation: validation === null ? null : new Uint8Array(validation),
  };
}

function toIterationImage(row: unknown): IterationImage {
  const { labels, validation, ...image } = row as Omit<IterationImage, 'labels'> & {
    labels: string;
  };
  return {
    ...image,
    labels: JSON.parse(labels) as Label[],
    // The driver gives a bare ArrayBuffer where it gives many rows.
    validation: validation === null ? null : new Uint8Array(validation),
  };
}

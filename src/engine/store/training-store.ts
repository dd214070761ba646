import { limits } from '../domain/limits.ts';
import { atomically, one } from './database.ts';
import type { Connection } from './database.ts';
import type { IterationImageStore } from './iteration-image-store.ts';
import type { CompletedTraining, Iteration, IterationStore, Served } from './iteration-store.ts';
import type { Cursor } from './page-index.ts';
import type { ProjectStore } from './project-store.ts';
import type { Tag, TagStore } from './tag-store.ts';

export interface TrainedElsewhere extends CompletedTraining {
  readonly publishedName?: string;
  readonly trainingMs?: number;
  /**
   * Where it is given, the iteration is taken to be trained on what the project holds now; it is
   * asked what was said of each photo, of which it gets the name.
   */
  readonly validationOf?: (photo: string, tags: readonly Tag[]) => Uint8Array | undefined;
}

/** A training that takes over the published name of an iteration on an earlier backbone. */
export interface Replacement {
  readonly iteration: Iteration;
  readonly former: Iteration;
}

/** What a training begins with, and what it leaves: an iteration and its images together. */
export interface TrainingStore {
  /**
   * Takes the project's tags and tagged photos as they are now, once: a training that was
   * interrupted finds what it began with. It goes in steps, with `between` after each, so that
   * others can write meanwhile; undefined where the iteration was deleted.
   */
  readonly takeContents: (id: string, between?: () => void) => Iteration | undefined;
  /**
   * Begins an iteration for each published one whose head is of another backbone or form, on the
   * photos and tags of that one; it takes over the name when it completes. Once for each backbone,
   * even where it fails.
   */
  readonly retrainForBackbone: (served: Served) => Replacement[];
  /** Adds what was trained elsewhere and publishes it in one step. */
  readonly add: (projectId: string, training: TrainedElsewhere) => Iteration;
}

/** Images that an interrupted training has left are taken away so many at a time. */
const imagesAtOnce = 250;

export interface TrainingStoreParts {
  readonly database: Connection;
  readonly projects: ProjectStore;
  readonly tags: TagStore;
  readonly iterations: IterationStore;
  readonly images: IterationImageStore;
}

export function createTrainingStore({
  database,
  projects,
  tags,
  iterations,
  images,
}: TrainingStoreParts): TrainingStore {
  const sql = {
    newest: database.prepare(
      "SELECT COALESCE(MAX(created_at), '') AS newest FROM image WHERE project_id = ?",
    ),
  };

  // Not where a tag was deleted meanwhile of which photos have been taken already.
  const endTaking = (
    { id, projectId }: Iteration,
    revision: number,
    takenTags: ReadonlySet<string>,
  ): void => {
    const there = tags.list(projectId);
    const left = new Set(there.map((tag) => tag.id));
    if ([...takenTags].some((tagId) => !left.has(tagId))) return;
    iterations.setContents(id, there, revision);
  };

  const takeContents = (id: string, between: () => void): Iteration | undefined => {
    for (;;) {
      const iteration = iterations.find(id);
      if (!iteration || iteration.contentRevision !== null) return iteration;
      const { projectId } = iteration;
      // What a training that was interrupted here, or a pass that came to nothing, has left.
      while (images.forgetSome(id, imagesAtOnce).length > 0) between();
      const project = projects.get(projectId);
      // Deleted meanwhile, and the iteration with it.
      if (!project) continue;
      const takenTags = new Set<string>();
      // Else photos that keep coming would keep it going.
      const { newest } = one(sql.newest, projectId) as { newest: string };
      for (let after: Cursor | undefined = ['', '']; after;) {
        const from: Cursor = after;
        const step = atomically(
          database,
          () => iterations.find(id) && images.takeStep(id, projectId, from, newest),
        );
        for (const tagId of step?.tagIds ?? []) takenTags.add(tagId);
        after = step?.end;
        between();
      }
      atomically(database, () => endTaking(iteration, project.contentRevision, takenTags));
    }
  };

  const takeValidation = (id: string, validationOf: TrainedElsewhere['validationOf']): void => {
    const taken = takeContents(id, () => undefined)!;
    for (const { imageId, photo } of images.all(id)) {
      const bytes = validationOf?.(photo, taken.tags);
      if (bytes) images.validate(id, [{ imageId, bytes }]);
    }
  };

  const add = (projectId: string, training: TrainedElsewhere): Iteration => {
    const { publishedName, validationOf, trainingMs = 0 } = training;
    const { id, number } = iterations.begin(projectId, {
      trainingType: 'Regular',
      reservedHours: 0,
    });
    if (validationOf) takeValidation(id, validationOf);
    iterations.complete(id, { ...training, trainingMs });
    if (publishedName !== undefined) iterations.publish(projectId, id, publishedName);
    iterations.prune(projectId, number - limits.iterationsPerProject);
    return iterations.find(id)!;
  };

  const retrainForBackbone = (served: Served): Replacement[] =>
    iterations.outdated(served).map((former) => {
      const { id } = iterations.begin(former.projectId, former);
      // Which one it failed on, should it fail: another may do better.
      iterations.setReplaced(id, former.id, served.backboneId);
      if (former.contentRevision !== null) {
        iterations.setContents(id, former.tags, former.contentRevision);
        images.copy(id, former.id);
      }
      return { iteration: iterations.find(id)!, former };
    });

  return {
    takeContents: (id, between = () => undefined) => takeContents(id, between),
    retrainForBackbone: (served) => atomically(database, () => retrainForBackbone(served)),
    add: (projectId, training) => atomically(database, () => add(projectId, training)),
  };
}

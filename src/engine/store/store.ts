import { limits } from '../domain/limits.ts';
import type { TagType } from '../domain/tag-type.ts';
import { atomically, checkDatabase, openDatabase } from './database.ts';
import type { Connection } from './database.ts';
import { createFeatureStore } from './feature-store.ts';
import type { FeatureStore } from './feature-store.ts';
import { createImageStore } from './image-store.ts';
import type { ImageStore } from './image-store.ts';
import { createImportStore } from './import-store.ts';
import type { ImportStore } from './import-store.ts';
import { createIterationImageStore } from './iteration-image-store.ts';
import type { IterationImageStore } from './iteration-image-store.ts';
import { createIterationStore } from './iteration-store.ts';
import type { IterationStore } from './iteration-store.ts';
import { createPageIndex } from './page-index.ts';
import { sweepOrphans } from './orphans.ts';
import { openPhotoFiles } from './photo-files.ts';
import type { PhotoFiles } from './photo-files.ts';
import { createPhotoLease } from './photo-lease.ts';
import type { PhotoLease } from './photo-lease.ts';
import { openPictureVariants } from './picture-variants.ts';
import type { PictureVariants } from './picture-variants.ts';
import { createPhotoReferences } from './photo-references.ts';
import type { PhotoReferences } from './photo-references.ts';
import { createPredictionStore } from './prediction-store.ts';
import type { PredictionStore } from './prediction-store.ts';
import { createProjectStore } from './project-store.ts';
import type { ProjectStore } from './project-store.ts';
import { createTagStore } from './tag-store.ts';
import type { Tag, TagStore } from './tag-store.ts';
import { createTrainingStore } from './training-store.ts';
import type { TrainingStore } from './training-store.ts';

/** What a folder of photos says that a project holds. */
export interface TagContents {
  readonly name: string;
  readonly type: TagType;
  readonly photos: readonly {
    readonly name: string;
    readonly width: number;
    readonly height: number;
  }[];
}

/** All that the engine keeps; the only place that knows SQL. */
export interface Store extends PhotoLease {
  readonly photos: PhotoFiles;
  /** Smaller copies of photos, which go with them. */
  readonly variants: PictureVariants;
  readonly references: PhotoReferences;
  readonly projects: ProjectStore;
  readonly tags: TagStore;
  readonly images: ImageStore;
  readonly iterations: IterationStore;
  readonly iterationImages: IterationImageStore;
  readonly trainings: TrainingStore;
  readonly predictions: PredictionStore;
  readonly features: FeatureStore;
  readonly imports: ImportStore;
  /** Makes the project hold just these tags and photos; tags that stay keep their ids. */
  readonly replaceContents: (projectId: string, tags: readonly TagContents[]) => Tag[];
  /** Writes all of the database, as it is at one moment, into a new file. */
  readonly copyDatabase: (path: string) => void;
  /** @throws StoreError where the database is damaged. */
  readonly check: () => void;
  /** Takes away what a kill left between file and row; gives how many files went. */
  readonly sweepOrphans: () => Promise<number>;
  readonly close: () => void;
}

export interface StoreOptions {
  readonly now?: () => Date;
  /** In each project; the oldest make room. */
  readonly storedPredictions?: number;
  /** Somebody else works with the folder, which must therefore be of this version already. */
  readonly isShared?: boolean;
}

/** @throws StoreError where the folder cannot be used. */
export function openStore(
  dataDir: string,
  {
    now = () => new Date(),
    storedPredictions = limits.storedPredictionsPerProject,
    isShared = false,
  }: StoreOptions = {},
): Store {
  const database = openDatabase(dataDir, isShared);
  const photos = openPhotoFiles(dataDir);
  const variants = openPictureVariants(dataDir);
  const projects = createProjectStore(database, now);
  const tags = createTagStore(database, projects);
  const pageIndex = createPageIndex(database);
  const images = createImageStore(database, pageIndex, now);
  const iterationImages = createIterationImageStore(database, pageIndex);
  const iterations = createIterationStore(database, iterationImages, now);
  const features = createFeatureStore(database);
  const references = createPhotoReferences(database);
  let isClosed = false;
  const lease = createPhotoLease(
    {
      ...photos,
      async remove(photo) {
        await photos.remove(photo);
        await variants.remove(photo);
      },
    },
    { isUsed: references.isUsed, forget: features.forget },
  );
  return {
    photos,
    variants,
    references,
    projects,
    tags,
    images,
    iterations,
    iterationImages,
    trainings: createTrainingStore({
      database,
      projects,
      tags,
      iterations,
      images: iterationImages,
    }),
    predictions: createPredictionStore(database, storedPredictions),
    features,
    imports: createImportStore(database, projects, images, now),
    replaceContents: contentsReplacer(database, tags, images),
    ...lease,
    sweepOrphans: () =>
      sweepOrphans(dataDir, {
        isUsed: references.isUsed,
        drop: lease.dropUnused,
        features,
        isOver: () => isClosed,
        now: () => now().getTime(),
      }),
    copyDatabase: (path) => void database.prepare('VACUUM INTO ?').run(path),
    check: () => checkDatabase(database, dataDir),
    close() {
      isClosed = true;
      try {
        // So that the one file is all of it, for whoever copies it away.
        database.pragma('wal_checkpoint(PASSIVE)');
      } catch {
        // A full disk: the log beside the file stays, and the next start takes it in.
      }
      database.close();
    },
  };
}

function contentsReplacer(
  database: Connection,
  tags: TagStore,
  images: ImageStore,
): Store['replaceContents'] {
  return (projectId, wanted) =>
    atomically(database, () => {
      images.removeAll(projectId);
      const names = new Set(wanted.map(({ name }) => name));
      for (const { id, name } of tags.list(projectId)) {
        if (!names.has(name)) tags.remove(projectId, id);
      }
      return wanted.map(({ name, type, photos }) => {
        const old = tags.named(projectId, name);
        const tag = old
          ? (tags.update(projectId, old.id, { type }) ?? old)
          : tags.create(projectId, { name, type });
        const taught = photos.map(({ name: photo, width, height }) => ({ photo, width, height }));
        const added = images.add(
          projectId,
          taught.map((photo) => ({ ...photo, tagIds: [tag.id] })),
        );
        if (added.some(({ isDuplicate }) => isDuplicate)) {
          throw new Error(`A photo of "${name}" is there twice.`);
        }
        return tag;
      });
    });
}

import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { findDomain } from '../domain/domains.ts';
import { limits } from '../domain/limits.ts';
import { loadBackbone } from '../model/backbone.ts';
import type { Backbone } from '../model/backbone.ts';
import { checkPicture, PictureError } from '../model/picture.ts';
import type { View } from '../model/picture.ts';
import { photoName } from '../store/photo-files.ts';
import { openStore } from '../store/store.ts';
import type { Store, TagContents } from '../store/store.ts';
import { fitHead, fitId } from './fit-head.ts';
import { writeHead } from './head-file.ts';
import type { TagType } from '../domain/tag-type.ts';
import { featuresOfPhoto } from './photo-features.ts';
import { augmentationId, viewsFor } from './augmentation.ts';
import { TrainingError } from './training-fault.ts';
import { encodeHeldOut, inOrder } from './validation.ts';

export type TrainingProgress =
  | { readonly kind: 'reading'; readonly done: number; readonly of: number }
  | { readonly kind: 'looking'; readonly done: number; readonly of: number }
  | { readonly kind: 'fitting'; readonly done: number; readonly of: number }
  | { readonly kind: 'skipped'; readonly file: string; readonly reason: string };

export interface TrainFromFoldersOptions {
  readonly dataDir: string;
  readonly modelDir: string;
  readonly projectName: string;
  /** A sub-folder is a tag; `_negative` and `_negative-*` together are the Negative tag. */
  readonly folder: string;
  /** Name or id of a domain; `general` where it is not given. */
  readonly domain?: string;
  /** Published under this name; not published where it is not given. */
  readonly publishName?: string;
  /** How often each photo is looked at, at most `mostViews`; by their number where not given. */
  readonly views?: number;
  /** Cores for looking at photos; 1 where it is not given. */
  readonly threads?: number;
  readonly onProgress?: (progress: TrainingProgress) => void;
}

export interface TrainingResult {
  readonly projectId: string;
  readonly projectName: string;
  readonly iterationId: string;
  readonly publishedName: string | null;
  /** True where the same photos had been trained before, so that nothing was left to do. */
  readonly unchanged: boolean;
  readonly tags: readonly {
    readonly name: string;
    readonly type: string;
    readonly photos: number;
  }[];
  readonly skipped: readonly string[];
  readonly report: unknown;
}

interface FolderPhoto {
  readonly file: string;
  readonly name: string;
  readonly width: number;
  readonly height: number;
}

interface FolderTag {
  readonly name: string;
  readonly type: TagType;
  readonly photos: readonly FolderPhoto[];
}

const negativeFolder = /^_negative(?:-|$)/;
const negativeTagName = 'Negative';
const pictureFile = /\.(?:jpe?g|png|bmp|gif)$/i;

/**
 * Makes a project hold what a folder holds, trains a head and publishes it. Features are kept, so a
 * second run looks only at new photos; with nothing new it does not train.
 * @throws TrainingError, StoreError
 */
export async function trainFromFolders(options: TrainFromFoldersOptions): Promise<TrainingResult> {
  const domain = findDomain(options.domain ?? 'general');
  if (domain?.type !== 'Classification') {
    throw new TrainingError(`"${options.domain}" is no domain for classification.`);
  }
  const startedMs = performance.now();
  const skipped: string[] = [];
  const tags = await readTags(options, skipped);
  checkTags(tags, options.folder);

  const store = openStore(options.dataDir);
  let backbone: Backbone | undefined;
  try {
    backbone = await loadBackbone({ modelDir: options.modelDir, threads: options.threads ?? 1 });
    const project =
      store.projects.named(options.projectName) ??
      store.projects.create({
        name: options.projectName,
        domainId: domain.id,
        classificationType: 'Multiclass',
      });
    const summary = {
      projectId: project.id,
      projectName: project.name,
      tags: tags.map(({ name, type, photos }) => ({ name, type, photos: photos.length })),
      skipped,
    };

    const fingerprint = fingerprintOf(tags, backbone.id, options.views);
    const same = store.iterations.list(project.id).find((old) => old.fingerprint === fingerprint);
    if (same) {
      const { publishName } = options;
      if (publishName !== undefined && same.publishedName !== publishName) {
        store.iterations.publish(project.id, same.id, publishName);
      }
      return {
        ...summary,
        iterationId: same.id,
        publishedName: publishName ?? same.publishedName,
        unchanged: true,
        report: same.report,
      };
    }

    const photos = await lookAtPhotos(tags, store, backbone, options);
    const storedTags = store.replaceContents(project.id, tags satisfies readonly TagContents[]);
    const headTags = tags.map(({ name, type }, index) => ({
      id: storedTags[index]!.id,
      name,
      type,
    }));
    const { head, report, heldOut } = fitHead({
      backboneId: backbone.id,
      featureCount: backbone.featureCount,
      tags: headTags,
      photos,
      onProgress: (done, of) => options.onProgress?.({ kind: 'fitting', done, of }),
    });
    const names = tags.flatMap((tag) => tag.photos.map(({ name }) => name));
    const heldOutOf = new Map(names.map((name, index) => [name, heldOut[index]!]));
    const iteration = store.trainings.add(project.id, {
      backboneId: backbone.id,
      fingerprint,
      head: writeHead(head),
      report: { ...report, fitId, recipeId: augmentationId },
      trainingMs: performance.now() - startedMs,
      validationOf: (photo, order) => {
        const held = heldOutOf.get(photo);
        return held && encodeHeldOut(inOrder(held, headTags, order));
      },
      ...(options.publishName !== undefined && { publishedName: options.publishName }),
    });
    return {
      ...summary,
      iterationId: iteration.id,
      publishedName: iteration.publishedName,
      unchanged: false,
      report,
    };
  } finally {
    await backbone?.close();
    store.close();
  }
}

async function readTags(options: TrainFromFoldersOptions, skipped: string[]): Promise<FolderTag[]> {
  const { folder } = options;
  let entries;
  try {
    entries = await readdir(folder, { withFileTypes: true });
  } catch (error) {
    throw new TrainingError(`The folder ${folder} cannot be read.`, { cause: error });
  }
  const folders = entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map((entry) => entry.name)
    .toSorted();
  const files: { tag: string; type: TagType; file: string }[] = [];
  for (const name of folders) {
    const isNegative = negativeFolder.test(name);
    for (const file of (await readdir(join(folder, name))).toSorted()) {
      if (!pictureFile.test(file)) continue;
      files.push({
        tag: isNegative ? negativeTagName : name,
        type: isNegative ? 'Negative' : 'Regular',
        file: join(folder, name, file),
      });
    }
  }

  const tags = new Map<string, FolderTag & { photos: FolderPhoto[] }>();
  const seen = new Map<string, { tag: string; file: string }>();
  for (const [index, { tag, type, file }] of files.entries()) {
    options.onProgress?.({ kind: 'reading', done: index, of: files.length });
    const bytes = await readFile(file);
    const size = checkFile(bytes, file, options, skipped);
    if (!size) continue;
    const name = photoName(bytes);
    const twin = seen.get(name);
    if (twin && twin.tag !== tag) {
      throw new TrainingError(
        `${file} and ${twin.file} are the same photo under two tags; keep it under one.`,
      );
    }
    if (twin) continue;
    seen.set(name, { tag, file });
    const found = tags.get(tag) ?? { name: tag, type, photos: [] };
    if (found.type !== type) {
      throw new TrainingError(`A product may not be called "${tag}": the Negative tag is.`);
    }
    found.photos.push({ file, name, width: size.width, height: size.height });
    tags.set(tag, found);
  }
  return [...tags.values()];
}

function checkFile(
  bytes: Uint8Array,
  file: string,
  options: TrainFromFoldersOptions,
  skipped: string[],
): { width: number; height: number } | undefined {
  try {
    return checkPicture(bytes, limits.trainingPictureBytes);
  } catch (error) {
    if (!(error instanceof PictureError)) throw error;
    skipped.push(file);
    options.onProgress?.({ kind: 'skipped', file, reason: error.message });
    return undefined;
  }
}

function checkTags(tags: readonly FolderTag[], folder: string): void {
  if (tags.length < 2 || !tags.some((tag) => tag.type === 'Regular')) {
    throw new TrainingError(
      `${folder} needs a sub-folder of photos for each of at least two tags; it has ${tags.length}.`,
    );
  }
  if (tags.length > limits.tagsPerProject) {
    throw new TrainingError(
      `${folder} has ${tags.length} tags; at most ${limits.tagsPerProject} are allowed.`,
    );
  }
  const short = tags.filter((tag) => tag.photos.length < limits.photosPerTag);
  if (short.length > 0) {
    throw new TrainingError(
      `Each tag needs at least ${limits.photosPerTag} photos. Too few: ` +
        `${short.map(({ name, photos }) => `${name} (${photos.length})`).join(', ')}.`,
    );
  }
}

function fingerprintOf(
  tags: readonly FolderTag[],
  backboneId: string,
  views: number | undefined,
): string {
  const content = tags.map(({ name, type, photos }) => [
    name,
    type,
    photos.map((photo) => photo.name).toSorted(),
  ]);
  const text = JSON.stringify([backboneId, augmentationId, views ?? null, fitId, content]);
  return createHash('sha256').update(text).digest('hex');
}

async function lookAtPhotos(
  tags: readonly FolderTag[],
  store: Store,
  backbone: Backbone,
  { onProgress, views: wanted }: TrainFromFoldersOptions,
): Promise<{ label: number; views: readonly Float32Array[] }[]> {
  const all = tags.flatMap(({ photos }, label) => photos.map((photo) => ({ photo, label })));
  const views = viewsFor(all.length, wanted);
  const taught: { label: number; views: readonly Float32Array[] }[] = [];
  for (const [index, { photo, label }] of all.entries()) {
    onProgress?.({ kind: 'looking', done: index, of: all.length });
    taught.push({ label, views: await featuresOf(photo, views, store, backbone) });
  }
  onProgress?.({ kind: 'looking', done: all.length, of: all.length });
  return taught;
}

async function featuresOf(
  { name, file }: FolderPhoto,
  views: readonly View[],
  store: Store,
  backbone: Backbone,
): Promise<readonly Float32Array[]> {
  const read = async (): Promise<Uint8Array> => {
    const bytes = await readFile(file);
    if ((await store.photos.keep(bytes)) !== name) {
      throw new TrainingError(`${file} was changed while it was read; train again.`);
    }
    return bytes;
  };
  try {
    return await featuresOfPhoto({ photo: name, views, features: store.features, backbone, read });
  } catch (error) {
    if (!(error instanceof PictureError)) throw error;
    throw new TrainingError(`${file} is damaged; take it out and train again.`, { cause: error });
  }
}

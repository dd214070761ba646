import { domains, findDomain } from '../domain/domains.ts';
import { limits } from '../domain/limits.ts';
import { checkPicture, decodePicture, PictureError } from '../model/picture.ts';
import type { ImportedImage } from '../store/import-store.ts';
import type { PhotoFiles } from '../store/photo-files.ts';
import type { Project } from '../store/project-store.ts';
import type { Store } from '../store/store.ts';
import { bringTags } from './bring-project.ts';
import { MoveError, statusOf } from './retry.ts';
import type { RemoteImage, RemoteProject, RemoteService } from './service-client.ts';

export type MoveProgress =
  | { readonly kind: 'copying'; readonly done: number; readonly of: number }
  | { readonly kind: 'skipped'; readonly imageId: string; readonly reason: string }
  | { readonly kind: 'domain'; readonly from: string; readonly to: string };

export interface MoveInOptions {
  readonly store: Store;
  readonly remote: RemoteService;
  /** Tells this project at this service from all others. */
  readonly origin: string;
  /** The source's where it is not given. */
  readonly name?: string;
  readonly onProgress: (progress: MoveProgress) => void;
}

export interface MovedIn {
  readonly project: Project;
  /** What came now; the rest was there from before. */
  readonly copied: number;
  readonly skipped: number;
}

/** Another pass finds what moved to another page while the first one went on. */
const passes = 3;

/**
 * Copies what a service has of a project and this store does not have yet; it may be killed at any
 * time and called again. @throws MoveError, StoreError
 */
export async function moveIn(options: MoveInOptions): Promise<MovedIn> {
  const { store, remote } = options;
  const source = await remote.project();
  const { id } = await projectFor(options, source);
  const copy = copier(options, id);
  try {
    let total = await remote.imageCount();
    for (let pass = 0; pass < passes; pass += 1) {
      await copy.pass(total);
      total = await remote.imageCount();
      if (store.imports.countImages(id) + copy.skipped.size >= total) break;
    }
  } catch (error) {
    throw error instanceof PictureError || statusOf(error) === undefined
      ? error
      : new MoveError(`The service stopped answering: ${wordsOf(error)}. Run the command again.`, {
          cause: error,
        });
  }
  store.imports.end(id, 'Succeeded');
  return { project: store.projects.get(id)!, copied: copy.copied(), skipped: copy.skipped.size };
}

async function projectFor(
  { store, remote, origin, name, onProgress }: MoveInOptions,
  source: RemoteProject,
): Promise<Project> {
  const before = store.imports.from(origin);
  if (before) {
    store.imports.begin(before.projectId, origin);
    return store.projects.get(before.projectId)!;
  }
  const wanted = name ?? source.name;
  if (store.projects.named(wanted)) {
    throw new MoveError(
      `There is a project "${wanted}" here already. Choose another name for the new one with --name.`,
    );
  }
  const { domainId, classificationType, targetExportPlatforms } = source.settings;
  const domain = await domainFor(remote, domainId);
  if (domain.id !== domainId.toLowerCase()) {
    onProgress({ kind: 'domain', from: domainId, to: domain.name });
  }
  return store.imports.create(
    {
      name: wanted,
      description: source.description ?? '',
      domainId: domain.id,
      classificationType,
      settings: { targetExportPlatforms: targetExportPlatforms ?? [] },
    },
    () => origin,
  );
}

/** The service has had many domains; of one that is not known here only its type counts. */
async function domainFor(remote: RemoteService, id: string) {
  const known = findDomain(id);
  if (known) return known;
  const type = (await remote.isDetection(id)) ? 'ObjectDetection' : 'Classification';
  return domains.find((domain) => domain.type === type)!;
}

function copier({ store, remote, onProgress }: MoveInOptions, projectId: string) {
  let copied = 0;
  const skipped = new Set<string>();

  const skip = (imageId: string, reason: string): void => {
    skipped.add(imageId);
    onProgress({ kind: 'skipped', imageId, reason });
  };

  const takeIn = async (
    image: RemoteImage,
    keep: PhotoFiles['keep'],
    tagIds: (sourceId: string) => string,
  ): Promise<ImportedImage | undefined> => {
    try {
      const bytes = await photoOf(remote, image);
      checkPicture(bytes, limits.trainingPictureBytes);
      const { width, height } = await decodePicture(bytes);
      return {
        sourceId: image.id,
        photo: await keep(bytes),
        width,
        height,
        tagIds: (image.tags ?? []).map(({ tagId }) => tagIds(tagId)),
        regions: (image.regions ?? []).map((region) => ({
          ...region,
          tagId: tagIds(region.tagId),
        })),
        metadata: image.metadata ?? {},
      };
    } catch (error) {
      const status = statusOf(error);
      const isLost = status !== undefined && status >= 400 && status < 500 && status !== 429;
      if (!isLost && !(error instanceof PictureError)) throw error;
      skip(image.id, wordsOf(error));
      return undefined;
    }
  };

  const copyAll = (
    images: readonly RemoteImage[],
    tagIds: (sourceId: string) => string,
  ): Promise<void> =>
    store.keeping(async (keep) => {
      const taken = await inParallel(images, limits.moveDownloadsAtOnce, (image) =>
        takeIn(image, keep, tagIds),
      );
      const added = taken.filter((image) => image !== undefined);
      store.imports.addImages(projectId, added);
      copied += added.length;
    });

  return {
    skipped,
    copied: () => copied,
    async pass(total: number): Promise<void> {
      const tags = (await remote.tags()).map((tag) => ({
        ...tag,
        description: tag.description ?? '',
      }));
      const tagIds = bringTags(store, projectId, tags);
      for (let seen = 0; ;) {
        const page = await remote.images(seen);
        if (page.length === 0) return;
        const there = store.imports.imageIds(
          projectId,
          page.map(({ id }) => id),
        );
        const missing = page.filter(({ id }) => !there.has(id) && !skipped.has(id));
        let done = seen + page.length - missing.length;
        for (let start = 0; start < missing.length; start += limits.movePhotosAtOnce) {
          onProgress({ kind: 'copying', done, of: Math.max(total, done) });
          const part = missing.slice(start, start + limits.movePhotosAtOnce);
          await copyAll(part, tagIds);
          done += part.length;
        }
        seen += page.length;
        onProgress({ kind: 'copying', done: seen, of: Math.max(total, seen) });
      }
    },
  };
}

/** An address that is given with an image holds for a while only; the next one is asked for. */
async function photoOf(remote: RemoteService, image: RemoteImage): Promise<Buffer> {
  const uri = addressOf(image);
  try {
    return await remote.photo(uri);
  } catch (error) {
    if (![401, 403, 404].includes(statusOf(error) ?? 0)) throw error;
    const again = await remote.image(image.id);
    if (!again || addressOf(again) === uri) throw error;
    return remote.photo(addressOf(again));
  }
}

function addressOf({ originalImageUri, resizedImageUri }: RemoteImage): string {
  const uri = originalImageUri ?? resizedImageUri ?? '';
  if (uri === '') throw new PictureError('empty', 'The service gives no address for the photo.');
  return uri;
}

async function inParallel<T, R>(
  items: readonly T[],
  most: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length) {
      const index = next;
      next += 1;
      results[index] = await work(items[index]!);
    }
  };
  const workers = await Promise.allSettled(Array.from({ length: most }, worker));
  const failed = workers.find((each) => each.status === 'rejected');
  if (failed) throw failed.reason;
  return results;
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

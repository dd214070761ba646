import { findDomain } from '../domain/domains.ts';
import type { ValidatedImage } from '../store/iteration-image-store.ts';
import type { Store } from '../store/store.ts';
import type { Tag } from '../store/tag-store.ts';
import { decodeHeldOut } from '../training/validation.ts';
import { compareDetections, judgedElsewhere, judgedPhoto } from './compare-detections.ts';
import { compare } from './comparison.ts';
import type { ComparedPhoto, Comparison, TagComparison } from './comparison.ts';
import { statusOf } from './retry.ts';
import type { RemoteImagePerformance, RemoteIteration, RemoteService } from './service-client.ts';

/** What two iterations say of the same photos, of which neither had learnt the one it was asked. */
export type IterationComparison =
  | {
      readonly kind: 'photo by photo';
      readonly old: RemoteIteration;
      readonly comparison: Comparison;
    }
  /** The service tells only its own sums, which may be of other photos. */
  | {
      readonly kind: 'sums';
      readonly old: RemoteIteration;
      readonly comparison: Pick<Comparison, 'tags' | 'total'>;
    }
  | { readonly kind: 'none'; readonly reason: string };

interface Sides {
  readonly store: Store;
  readonly remote: RemoteService;
  readonly projectId: string;
  readonly iterationId: string;
}

const imagesAtOnce = 500;

export async function compareIterations(sides: Sides): Promise<IterationComparison> {
  const old = oldIteration(await sides.remote.iterations());
  if (!old) return { kind: 'none', reason: 'The project was never trained at the service.' };
  const { store, projectId, iterationId } = sides;
  const iteration = store.iterations.get(projectId, iterationId);
  const tags = iteration?.tags ?? [];
  const { together, alone } =
    findDomain(iteration?.domainId ?? '')?.type === 'ObjectDetection'
      ? await detections(sides, old, tags)
      : await classifications(sides, old, tags);
  if (together.photos > 0) return { kind: 'photo by photo', old, comparison: together };
  const told = await orNothing(sides.remote.tagPerformances(old.id));
  if (told.length === 0) {
    return { kind: 'none', reason: 'The service tells nothing of how its iteration performed.' };
  }
  const tagIds = store.imports.tagIds(projectId);
  const places = new Map(tags.map(({ id }, place) => [id, place]));
  const rows: TagComparison[] = alone.tags.map((row) => ({ ...row, old: nothing }));
  for (const { id, precision, recall } of told) {
    const place = places.get(tagIds.get(id) ?? '');
    if (place !== undefined) rows[place] = { ...rows[place]!, old: { precision, recall } };
  }
  return {
    kind: 'sums',
    old,
    comparison: { tags: rows, total: { ...alone.total, old: nothing } },
  };
}

/** On the photos that both have judged, and ours on all of them; the old side of that is nothing. */
interface Judged {
  readonly together: Comparison;
  readonly alone: Comparison;
}

async function classifications(
  sides: Sides,
  old: RemoteIteration,
  tags: readonly Tag[],
): Promise<Judged> {
  const now = ourPhotos(sides, ({ tagIds, validation }): OurPhoto | undefined => {
    const heldOut = validation && decodeHeldOut(validation, tags.length);
    if (!heldOut) return undefined;
    const said = tags.map(({ id }, place) => [id, heldOut.probabilities[place] ?? 0] as const);
    return { tagIds: new Set(tagIds), now: new Map(said) };
  });
  const tagIds = sides.store.imports.tagIds(sides.projectId);
  const photos = await photosOf(sides, old, now, (ours, predictions): ComparedPhoto => {
    const said = predictions.map(
      (one) => [tagIds.get(one.tagId) ?? one.tagId, one.probability] as const,
    );
    return { ...ours, old: new Map(said) };
  });
  const alone = [...now.values()].map((each) => ({ ...each, old: new Map() }));
  return { together: compare(photos, tags), alone: compare(alone, tags) };
}

async function detections(
  sides: Sides,
  old: RemoteIteration,
  tags: readonly Tag[],
): Promise<Judged> {
  const now = ourPhotos(sides, (image) => judgedPhoto({ tags }, image));
  const tagIds = sides.store.imports.tagIds(sides.projectId);
  const places = new Map(tags.map(({ id }, place) => [id, place]));
  const photos = await photosOf(sides, old, now, (ours, predictions) => ({
    old: judgedElsewhere(ours, predictions, (tagId) => places.get(tagIds.get(tagId) ?? tagId)),
    now: ours,
  }));
  const alone = [...now.values()].map((ours) => ({ old: { ...ours, detections: [] }, now: ours }));
  return { together: compareDetections(photos, tags), alone: compareDetections(alone, tags) };
}

const nothing = { precision: null, recall: null };

/** What is published serves the shop; else the newest is what it would publish. */
function oldIteration(all: readonly RemoteIteration[]): RemoteIteration | undefined {
  const trained = all
    .filter(({ status }) => status === 'Completed')
    .toSorted((a, b) => (b.trainedAt?.getTime() ?? 0) - (a.trainedAt?.getTime() ?? 0));
  return trained.find(({ publishName }) => publishName) ?? trained[0];
}

type OurPhoto = Omit<ComparedPhoto, 'old'>;

/** What the cross-validation said, by image id. */
function ourPhotos<Ours>(
  { store, iterationId }: Sides,
  read: (image: ValidatedImage) => Ours | undefined,
): Map<string, Ours> {
  const found = new Map<string, Ours>();
  for (let after = ''; ;) {
    const images = store.iterationImages.validated(iterationId, after, imagesAtOnce);
    for (const image of images) {
      const ours = read(image);
      if (ours !== undefined) found.set(image.imageId, ours);
    }
    const last = images.at(-1);
    if (!last) return found;
    after = last.imageId;
  }
}

/** Those photos that both have judged. */
async function photosOf<Ours, Both>(
  { store, remote, projectId }: Sides,
  old: RemoteIteration,
  now: ReadonlyMap<string, Ours>,
  join: (ours: Ours, predictions: NonNullable<RemoteImagePerformance['predictions']>) => Both,
): Promise<Both[]> {
  const found: Both[] = [];
  for (let seen = 0; ;) {
    const page = await orNothing(remote.imagePerformances(old.id, seen));
    if (page.length === 0) return found;
    seen += page.length;
    const imageIds = store.imports.imageIds(
      projectId,
      page.map(({ id }) => id),
    );
    for (const { id, predictions } of page) {
      const ours = now.get(imageIds.get(id) ?? '');
      if (ours !== undefined && predictions) found.push(join(ours, predictions));
    }
  }
}

/** A service that does not offer it is no reason to break off. */
async function orNothing<T>(asked: Promise<T[]>): Promise<T[]> {
  try {
    return await asked;
  } catch (error) {
    if (statusOf(error) === undefined) throw error;
    return [];
  }
}

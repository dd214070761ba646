import { findDomain } from '../domains.ts';
import type { Store } from '../store/store.ts';
import { decodeHeldOut } from '../training/validation.ts';
import { compare } from './comparison.ts';
import type { ComparedPhoto, Comparison, TagComparison } from './comparison.ts';
import { statusOf } from './patience.ts';
import type { RemoteIteration, RemoteService } from './service-client.ts';

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
  const domainId = sides.store.projects.get(sides.projectId)?.domainId ?? '';
  if (findDomain(domainId)?.type === 'ObjectDetection') {
    return { kind: 'none', reason: 'Iterations that detect objects are not compared.' };
  }
  const tags = sides.store.tags.list(sides.projectId);
  const now = ourPredictions(sides);
  const photos = await photosOf(sides, old, now);
  if (photos.length > 0) {
    return { kind: 'photo by photo', old, comparison: compare(photos, tags) };
  }
  const told = await orNothing(sides.remote.tagPerformances(old.id));
  if (told.length === 0) {
    return { kind: 'none', reason: 'The service tells nothing of how its iteration performed.' };
  }
  const alone = compare(
    [...now.values()].map((each) => ({ ...each, old: new Map() })),
    tags,
  );
  const tagIds = sides.store.imports.tagIds(sides.projectId);
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
function ourPredictions({ store, projectId, iterationId }: Sides): Map<string, OurPhoto> {
  const tags = store.iterations.get(projectId, iterationId)?.tags ?? [];
  const found = new Map<string, OurPhoto>();
  for (let after = ''; ;) {
    const images = store.iterations.validated(iterationId, after, imagesAtOnce);
    for (const { imageId, tagIds, validation } of images) {
      const heldOut = validation && decodeHeldOut(validation, tags.length);
      if (!heldOut) continue;
      found.set(imageId, {
        tagIds: new Set(tagIds),
        now: new Map(tags.map(({ id }, place) => [id, heldOut.probabilities[place] ?? 0])),
      });
    }
    const last = images.at(-1);
    if (!last) return found;
    after = last.imageId;
  }
}

/** Those photos that both have judged. */
async function photosOf(
  { store, remote, projectId }: Sides,
  old: RemoteIteration,
  now: ReadonlyMap<string, OurPhoto>,
): Promise<ComparedPhoto[]> {
  const tagIds = store.imports.tagIds(projectId);
  const found: ComparedPhoto[] = [];
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
      if (!ours || !predictions) continue;
      const said = predictions.map(
        (one) => [tagIds.get(one.tagId) ?? one.tagId, one.probability] as const,
      );
      found.push({ ...ours, old: new Map(said) });
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

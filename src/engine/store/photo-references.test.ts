import { beforeEach, expect, onTestFinished, test } from 'vitest';

import { temporaryFolder } from '../testing/temporary-folder.ts';
import { openStore } from './store.ts';
import type { Store } from './store.ts';

let store: Store;

beforeEach(() => {
  const opened = openStore(temporaryFolder());
  onTestFinished(() => opened.close());
  store = opened;
});

/** Gives the project and its images, in the order of the photos. */
function project(name: string, photos: readonly string[]) {
  const { id } = store.projects.create({ name, domainId: 'd', classificationType: 'Multiclass' });
  const added = store.images.add(
    id,
    photos.map((photo) => ({ photo, width: 1, height: 1 })),
  );
  return { projectId: id, images: added.map((image) => image.id) };
}

test('a photo is used as long as any project has it', () => {
  const one = project('One', ['a', 'b']);
  const other = project('Other', ['b', 'c']);
  const found = store.references.imagesOf('b');
  expect(found.toSorted((x, y) => x.projectId.localeCompare(y.projectId))).toEqual(
    [
      { projectId: one.projectId, imageId: one.images[1] },
      { projectId: other.projectId, imageId: other.images[0] },
    ].toSorted((x, y) => x.projectId.localeCompare(y.projectId)),
  );
  store.projects.remove(one.projectId);
  expect(['a', 'b', 'c', 'd'].map(store.references.isUsed)).toEqual([false, true, true, false]);
  store.projects.remove(other.projectId);
  expect(store.references.isUsed('b')).toBe(false);
});

test('names in use come in one order from all projects, page by page', () => {
  project('One', ['e', 'a', 'c']);
  project('Other', ['d', 'c', 'b']);
  const pages: string[][] = [];
  for (let after = ''; ;) {
    const page = store.references.inUse(after, 2);
    const last = page.at(-1);
    if (last === undefined) break;
    pages.push(page);
    after = last;
  }
  expect(pages).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
});

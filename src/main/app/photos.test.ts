import { expect, it } from 'vitest';
import { createPhotos } from './photos.ts';

it('keeps the newest photos only', () => {
  const photos = createPhotos(2);
  for (const id of ['a', 'b', 'a', 'c']) photos.keep(id, new Uint8Array([1]));
  expect(['a', 'b', 'c'].map((id) => photos.get(id) !== null)).toEqual([true, false, true]);
  photos.clear();
  expect(photos.get('c')).toBeNull();
});

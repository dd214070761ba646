import { expect, it } from 'vitest';
import { createKeptPictures } from './kept-pictures.ts';

function keepAll(limit: number, urls: readonly string[]): readonly string[] {
  const loaded: string[] = [];
  const pictures = createKeptPictures((url) => {
    loaded.push(url);
    return { url };
  }, limit);
  for (const url of urls) pictures.keep(url);
  return loaded;
}

it('loads a picture that it holds no second time', () => {
  expect(keepAll(2, ['a', 'b', 'a', 'b', 'a'])).toEqual(['a', 'b']);
});

it('lets go of the one that was not used for longest', () => {
  expect(keepAll(2, ['a', 'b', 'a', 'c', 'a', 'b'])).toEqual(['a', 'b', 'c', 'b']);
});

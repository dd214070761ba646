import { expect, test } from 'vitest';

import { pictureOf } from './picture-input.ts';

test.each(['url', 'Url'])('a URL is found under the name "%s"', async (name) => {
  const body = Buffer.from(JSON.stringify({ [name]: 'http://shop.example/a.jpg' }));
  await expect(pictureOf({ headers: {}, body }, 'url', undefined)).rejects.toThrow(
    /--allow-url-fetch/,
  );
});

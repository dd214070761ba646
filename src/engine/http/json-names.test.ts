import { expect, test } from 'vitest';

import { smallNames } from './json-names.ts';

test('names begin with small letters, but for those of a dictionary', () => {
  expect(
    smallNames({
      Images: [{ Url: 'U', TagIds: ['T'], Regions: [{ TagId: 'T', Left: 0.1 }] }],
      Metadata: { Place: 'Till' },
    }),
  ).toEqual({
    images: [{ url: 'U', tagIds: ['T'], regions: [{ tagId: 'T', left: 0.1 }] }],
    metadata: { Place: 'Till' },
  });
});

test('what is nested without end is left as it is', () => {
  const deep: unknown = JSON.parse(`${'['.repeat(50_000)}${']'.repeat(50_000)}`);
  expect(() => smallNames(deep)).not.toThrow();
});

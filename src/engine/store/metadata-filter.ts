/** What an image's metadata must say. */
export type MetadataFilter =
  | { readonly kind: 'eq' | 'ne'; readonly key: string; readonly value: string }
  | { readonly kind: 'and' | 'or'; readonly all: readonly MetadataFilter[] };

/** The condition on a row of `image`, with its values in their order. */
export function metadataCondition(filter: MetadataFilter): {
  readonly text: string;
  readonly values: readonly string[];
} {
  switch (filter.kind) {
    case 'eq':
    case 'ne':
      // What has no such key is not equal either.
      return {
        text:
          `(SELECT value FROM json_each(metadata) WHERE key = ?) ` +
          `${filter.kind === 'eq' ? 'IS' : 'IS NOT'} ?`,
        values: [filter.key, filter.value],
      };
    case 'and':
    case 'or': {
      const parts = filter.all.map(metadataCondition);
      return {
        text: `(${parts.map(({ text }) => text).join(filter.kind === 'and' ? ' AND ' : ' OR ')})`,
        values: parts.flatMap(({ values }) => values),
      };
    }
  }
}

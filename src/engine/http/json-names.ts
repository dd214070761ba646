/** What a client fills with names of its own. */
const dictionaries = new Set(['metadata', 'augmentationMethods']);
/** No body of the service is nested deeper. */
const mostDepth = 8;

/**
 * A JSON value whose names begin with small letters: the service takes them in any letter case, and
 * what is written for it by hand often has `{"Url": …}`.
 */
export function smallNames(value: unknown, depth = 0): unknown {
  if (typeof value !== 'object' || value === null || depth > mostDepth) return value;
  if (Array.isArray(value)) return value.map((each) => smallNames(each, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => {
      const small = `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
      return [small, dictionaries.has(small) ? inner : smallNames(inner, depth + 1)];
    }),
  );
}

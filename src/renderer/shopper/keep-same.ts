/**
 * `after`, made of the very parts of `before` that are the same in it: what is drawn of a part that
 * stayed need not be drawn again. For plain data.
 */
export function keepSame<T>(before: unknown, after: T): T {
  if (Object.is(before, after)) return after;
  if (Array.isArray(before) && Array.isArray(after)) {
    const kept: unknown[] = after.map((part: unknown, index) => keepSame(before[index], part));
    const isSame = before.length === kept.length && kept.every((part, at) => part === before[at]);
    return (isSame ? before : kept) as T;
  }
  if (!isRecord(before) || !isRecord(after)) return after;
  const entries = Object.entries(after);
  const kept = Object.fromEntries(
    entries.map(([name, part]) => [name, keepSame(before[name], part)]),
  );
  const isSame =
    Object.keys(before).length === entries.length &&
    entries.every(([name]) => name in before && Object.is(kept[name], before[name]));
  return (isSame ? before : kept) as T;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

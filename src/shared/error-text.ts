const deepest = 5;
/** In all, for an error that has many others each of which has many. */
const most = 20;

/** Its stack, and behind it those of its causes. */
export function stackText(error: unknown): string {
  return textOf(error, (one) => one.stack ?? String(one));
}

/** Its message, and behind it those of its causes. */
export function messageText(error: unknown): string {
  return textOf(error, (one) => one.message);
}

function textOf(error: unknown, ownText: (error: Error) => string): string {
  const texts: string[] = [];
  const collect = (one: unknown, depth: number): void => {
    if (depth > deepest || texts.length >= most) return;
    texts.push(one instanceof Error ? ownText(one) : String(one));
    for (const cause of causesOf(one)) collect(cause, depth + 1);
  };
  collect(error, 0);
  return texts.join('\nCaused by: ');
}

function causesOf(error: unknown): readonly unknown[] {
  if (!(error instanceof Error)) return [];
  const { cause } = error;
  const others: readonly unknown[] = error instanceof AggregateError ? error.errors : [];
  return cause === undefined ? others : [cause, ...others];
}

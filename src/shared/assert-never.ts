/** Closes a switch over a union: a kind that is not handled does not compile. */
export function assertNever(value: never): never {
  throw new TypeError(`not a known kind: ${JSON.stringify(value)}`);
}

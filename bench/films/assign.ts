/**
 * Gives as many claims as possible a thing of their own, by augmenting paths (Kuhn): for each claim
 * the index of its thing, or null. `wishes` names the things that each may have, the best first.
 */
export function assign(wishes: readonly (readonly number[])[]): readonly (number | null)[] {
  const owners = new Map<number, number>();
  const find = (claim: number, tried: Set<number>): boolean => {
    for (const thing of wishes[claim] ?? []) {
      if (tried.has(thing)) continue;
      tried.add(thing);
      const owner = owners.get(thing);
      if (owner === undefined || find(owner, tried)) {
        owners.set(thing, claim);
        return true;
      }
    }
    return false;
  };
  for (const claim of wishes.keys()) find(claim, new Set());
  const given: (number | null)[] = wishes.map(() => null);
  for (const [thing, claim] of owners) given[claim] = thing;
  return given;
}

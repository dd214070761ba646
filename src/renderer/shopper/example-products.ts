import type { LookupEntry } from '../../shared/contracts/shopper.ts';

/** Products with a picture, one of each group in turn: goods that look different tell more. */
export function exampleProducts(
  products: readonly LookupEntry[],
  atMost: number,
): readonly LookupEntry[] {
  const pictured = products.filter((product) => product.pictureUrl !== null);
  const groups = [...new Set(pictured.map((product) => product.group))].map((group) =>
    pictured.filter((product) => product.group === group),
  );
  const longest = Math.max(0, ...groups.map((group) => group.length));
  return Array.from({ length: longest }, (_, round) =>
    groups.flatMap((group) => group.slice(round, round + 1)),
  )
    .flat()
    .slice(0, atMost);
}

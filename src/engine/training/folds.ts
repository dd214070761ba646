/** The fold of each photo: as many folds as asked for, each tag spread over all of them evenly. */
export function foldsOf(labels: readonly number[], folds: number, random: () => number): number[] {
  const result = Array.from({ length: labels.length }, () => 0);
  const byLabel = new Map<number, number[]>();
  labels.forEach((label, index) => {
    const photos = byLabel.get(label);
    if (photos) photos.push(index);
    else byLabel.set(label, [index]);
  });
  let next = 0;
  for (const photos of byLabel.values()) {
    for (const photo of shuffled(photos, random)) {
      result[photo] = next % folds;
      next += 1;
    }
  }
  return result;
}

/**
 * The same for photos of several tags, the rarest tag of each seen to first: Sechidis and others,
 * "On the Stratification of Multi-label Data", 2011, in one pass.
 */
export function foldsOfSets(
  sets: readonly (readonly number[])[],
  folds: number,
  random: () => number,
): number[] {
  const counts = new Map<number, number>();
  for (const label of sets.flat()) counts.set(label, (counts.get(label) ?? 0) + 1);
  const rarest = sets.map((set) =>
    set.reduce<number | null>(
      (best, label) =>
        best === null || (counts.get(label) ?? 0) < (counts.get(best) ?? 0) ? label : best,
      null,
    ),
  );
  const rarity = rarest.map((label) => (label === null ? Infinity : (counts.get(label) ?? 0)));
  const order = shuffled([...sets.keys()], random).toSorted((a, b) => rarity[a]! - rarity[b]!);

  const held = Array.from({ length: folds }, () => new Map<number, number>());
  const sizes = Array.from({ length: folds }, () => 0);
  const result = Array.from({ length: sets.length }, () => 0);
  for (const photo of order) {
    const label = rarest[photo] ?? null;
    let best = 0;
    for (let fold = 1; fold < folds; fold += 1) {
      const more =
        label === null ? 0 : (held[fold]!.get(label) ?? 0) - (held[best]!.get(label) ?? 0);
      if (more < 0 || (more === 0 && sizes[fold]! < sizes[best]!)) best = fold;
    }
    result[photo] = best;
    sizes[best]! += 1;
    for (const one of sets[photo]!) held[best]!.set(one, (held[best]!.get(one) ?? 0) + 1);
  }
  return result;
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const result = [...items];
  for (let index = result.length - 1; index > 0; index -= 1) {
    const other = Math.floor(random() * (index + 1));
    [result[index], result[other]] = [result[other]!, result[index]!];
  }
  return result;
}

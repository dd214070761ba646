/** The fold of each photo: as many folds as asked for, each tag spread over all of them evenly. */
export function foldsOf(labels: readonly number[], folds: number, random: () => number): number[] {
  const result = new Array<number>(labels.length).fill(0);
  const byLabel = new Map<number, number[]>();
  labels.forEach((label, index) => byLabel.set(label, [...(byLabel.get(label) ?? []), index]));
  let next = 0;
  for (const photos of byLabel.values()) {
    for (const photo of shuffled(photos, random)) {
      result[photo] = next % folds;
      next += 1;
    }
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

import { cosine, normalised, sumOf } from './embedding.ts';
import { addScaled, dot } from '../model/matrix.ts';

/** Fewer photos do not show that there is another side. */
const fewestPhotos = 4;
/** So much nearer must the photos of a side be to one another than to the whole product. */
const leastGain = 0.2;
const mostPrototypes = 8;
const mostRounds = 12;

/**
 * The sides that a product is seen from, each by the mean of its photos' embeddings: a tin lies or
 * stands, but half-way between, where the mean of all is, nobody sees it. Most products have one.
 */
export function prototypesOf(embeddings: readonly Float32Array[]): Float32Array[] {
  const sides: (readonly Float32Array[])[] = [];
  const waiting: (readonly Float32Array[])[] = [embeddings];
  for (let side = waiting.shift(); side; side = waiting.shift()) {
    const isFull = sides.length + waiting.length + 1 >= mostPrototypes;
    const halves = isFull ? undefined : bisect(side);
    if (halves) waiting.push(...halves);
    else sides.push(side);
  }
  return sides.map((side) => normalised(sumOf(side)));
}

/** Undefined where the photos are of one side. */
function bisect(embeddings: readonly Float32Array[]): readonly Float32Array[][] | undefined {
  if (embeddings.length < 2 * fewestPhotos) return undefined;
  const whole = sumOf(embeddings);
  // From the middle and not from the other end, where sides that are neither would be torn apart.
  let centres = [furthestFrom(embeddings, whole), normalised(whole.slice())];
  let sideOf: readonly number[] = [];
  for (let round = 0; round < mostRounds; round += 1) {
    const sides = embeddings.map((embedding) =>
      Number(dot(embedding, centres[1]!) > dot(embedding, centres[0]!)),
    );
    if (sides.every((side, index) => side === sideOf[index])) break;
    sideOf = sides;
    centres = [0, 1].map((side) =>
      normalised(sumOf(embeddings.filter((_, index) => sides[index] === side))),
    );
  }
  const halves = [0, 1].map((side) => embeddings.filter((_, index) => sideOf[index] === side));
  if (halves.some(({ length }) => length < fewestPhotos)) return undefined;
  const sums = halves.map((half) => sumOf(half));
  const gains = halves.map((half, side) => {
    const gain = half.reduce(
      (total, embedding) =>
        total +
        Math.max(cosineToOthers(embedding, sums[side]!), cosine(embedding, sums[1 - side]!)) -
        cosineToOthers(embedding, whole),
      0,
    );
    return gain / half.length;
  });
  return Math.max(...gains) > leastGain ? halves : undefined;
}

/** To the mean of the others, as its own share would speak for any half it is put into. */
function cosineToOthers(embedding: Float32Array, sum: Float32Array): number {
  const others = sum.slice();
  addScaled(others, embedding, -1);
  return cosine(embedding, others);
}

function furthestFrom(embeddings: readonly Float32Array[], from: Float32Array): Float32Array {
  return embeddings.reduce((furthest, embedding) =>
    dot(embedding, from) < dot(furthest, from) ? embedding : furthest,
  );
}

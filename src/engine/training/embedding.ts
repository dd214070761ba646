import { addScaled, dot, rowOf } from '../model/matrix.ts';
import type { Matrix } from '../model/matrix.ts';

/**
 * What a head works on: where a picture lies among others, a vector of length one. Features are
 * drawn to their square roots first (keeping signs), so that a few loud ones do not drown the rest.
 */
export function embeddingOf(features: ArrayLike<number>): Float32Array {
  return normalised(
    Float32Array.from(features, (value) => Math.sign(value) * Math.sqrt(Math.abs(value))),
  );
}

/** The vector itself, made one long; nothing but zeros stays so. */
export function normalised(vector: Float32Array): Float32Array {
  const length = Math.sqrt(dot(vector, vector)) || 1;
  for (let index = 0; index < vector.length; index += 1) vector[index]! /= length;
  return vector;
}

export function sumOf(vectors: readonly Float32Array[]): Float32Array {
  const sum = new Float32Array(vectors[0]?.length ?? 0);
  for (const vector of vectors) addScaled(sum, vector, 1);
  return sum;
}

/** 0 where the vector is nothing but zeros. */
export function cosine(embedding: Float32Array, vector: Float32Array): number {
  return dot(embedding, vector) / (Math.sqrt(dot(vector, vector)) || 1);
}

/** Of each tag the cosine to the nearest of its prototypes; 0 where it has none. */
export function nearnessByTag(
  prototypes: Matrix,
  prototypeTags: readonly number[],
  tags: number,
  embedding: Float32Array,
): number[] {
  const nearest = Array.from({ length: tags }, () => -1);
  prototypeTags.forEach((tag, prototype) => {
    nearest[tag] = Math.max(nearest[tag]!, dot(rowOf(prototypes, prototype), embedding));
  });
  return nearest.map((near) => (near === -1 ? 0 : near));
}

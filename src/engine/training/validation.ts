import type { HeldOut } from './fit-head.ts';

/**
 * What was held out of one photo, as it is kept: the fold as uint32, then float32 for each tag in
 * the order given, little-endian.
 */
export function encodeHeldOut({ fold, probabilities }: HeldOut): Uint8Array {
  const bytes = new Uint8Array(4 * (1 + probabilities.length));
  const view = new DataView(bytes.buffer);
  view.setUint32(0, fold, true);
  probabilities.forEach((one, index) => view.setFloat32(4 * (1 + index), one, true));
  return bytes;
}

/** By the tags of an iteration; what a head does not know is never there. */
export function inOrder(
  { fold, probabilities }: HeldOut,
  from: readonly { readonly id: string }[],
  to: readonly { readonly id: string }[],
): HeldOut {
  const places = new Map(from.map(({ id }, place) => [id, place]));
  return {
    fold,
    probabilities: to.map(({ id }) => probabilities[places.get(id) ?? -1] ?? 0),
  };
}

/** Undefined where the bytes are not of so many tags. */
export function decodeHeldOut(bytes: Uint8Array, tags: number): HeldOut | undefined {
  if (bytes.byteLength !== 4 * (1 + tags)) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    fold: view.getUint32(0, true),
    probabilities: Array.from({ length: tags }, (_, index) =>
      view.getFloat32(4 * (1 + index), true),
    ),
  };
}

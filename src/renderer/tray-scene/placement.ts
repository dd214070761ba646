import type { Random } from './random.ts';

/** A rectangle seen from above, turned about its middle; centimetres and radians. */
export interface Footprint {
  readonly x: number;
  readonly z: number;
  readonly width: number;
  readonly depth: number;
  readonly turn: number;
}

export interface Place {
  readonly x: number;
  readonly z: number;
  readonly turn: number;
  /** How deep it lies over what was there, in centimetres; 0 where the tray had room. */
  readonly overlap: number;
}

interface Area {
  readonly width: number;
  readonly depth: number;
}

const TRIES = 160;

/**
 * Finds a free place in an area round the origin: a random one where there is room, otherwise the
 * one that overlaps least. `gap` is kept free around everything, in centimetres.
 */
export function findPlace(
  random: Random,
  size: Area,
  occupied: readonly Footprint[],
  area: Area,
  gap: number,
): Place {
  let best: Place | undefined;
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const turn = random.between(0, 2 * Math.PI);
    const reach = extent({ x: 0, z: 0, turn, ...size });
    const roomX = area.width / 2 - reach.x;
    const roomZ = area.depth / 2 - reach.z;
    if (roomX < 0 || roomZ < 0) continue;
    const x = random.between(-roomX, roomX);
    const z = random.between(-roomZ, roomZ);
    const padded = { x, z, turn, width: size.width + gap, depth: size.depth + gap };
    const overlap = occupied.reduce(
      (most, other) => Math.max(most, overlapDepth(padded, other)),
      0,
    );
    if (overlap === 0) return { x, z, turn, overlap };
    if (best === undefined || overlap < best.overlap) best = { x, z, turn, overlap };
  }
  return best ?? { x: 0, z: 0, turn: 0, overlap: 0 };
}

/** Half the width and depth of the upright rectangle around a footprint. */
export function extent(footprint: Footprint): { x: number; z: number } {
  const c = Math.abs(Math.cos(footprint.turn));
  const s = Math.abs(Math.sin(footprint.turn));
  return {
    x: (c * footprint.width + s * footprint.depth) / 2,
    z: (s * footprint.width + c * footprint.depth) / 2,
  };
}

/** The separating-axis test: 0 where two footprints are apart, else how far to push them apart. */
export function overlapDepth(a: Footprint, b: Footprint): number {
  let least = Infinity;
  for (const turn of [a.turn, a.turn + Math.PI / 2, b.turn, b.turn + Math.PI / 2]) {
    const axis = { x: Math.cos(turn), z: -Math.sin(turn) };
    const apart = Math.abs((b.x - a.x) * axis.x + (b.z - a.z) * axis.z);
    const depth = halfAlong(a, axis) + halfAlong(b, axis) - apart;
    if (depth <= 0) return 0;
    least = Math.min(least, depth);
  }
  return least;
}

function halfAlong(footprint: Footprint, axis: { x: number; z: number }): number {
  const c = Math.cos(footprint.turn);
  const s = Math.sin(footprint.turn);
  const alongWidth = Math.abs(c * axis.x - s * axis.z);
  const alongDepth = Math.abs(s * axis.x + c * axis.z);
  return (alongWidth * footprint.width + alongDepth * footprint.depth) / 2;
}

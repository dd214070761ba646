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

const TRIES = 200;
const SCAN_STEP = 1.5;
const SCAN_TURNS = 12;

/**
 * Finds a free place in an area round the origin: a random one where there is room, else the one
 * that overlaps least. `gap` is kept free around everything, in centimetres.
 */
export function findPlace(
  random: Random,
  size: Area,
  occupied: readonly Footprint[],
  area: Area,
  gap: number,
): Place {
  let best: Place | undefined;
  for (const candidate of candidates(random, size, area)) {
    const padded = { ...candidate, width: size.width + gap, depth: size.depth + gap };
    const overlap = occupied.reduce(
      (most, other) => Math.max(most, overlapDepth(padded, other)),
      0,
    );
    if (overlap === 0) return { ...candidate, overlap };
    if (best === undefined || overlap < best.overlap) best = { ...candidate, overlap };
  }
  return best ?? { x: 0, z: 0, turn: 0, overlap: 0 };
}

/** Random places first; then, since a crowded tray is hard to hit by chance, all of a grid. */
function* candidates(
  random: Random,
  size: Area,
  area: Area,
): Generator<{ x: number; z: number; turn: number }> {
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const turn = random.between(0, 2 * Math.PI);
    const room = roomFor(size, turn, area);
    if (room === undefined) continue;
    yield { x: random.between(-room.x, room.x), z: random.between(-room.z, room.z), turn };
  }
  const first = random.between(0, Math.PI);
  for (let k = 0; k < SCAN_TURNS; k += 1) {
    const turn = first + (k * Math.PI) / SCAN_TURNS;
    const room = roomFor(size, turn, area);
    if (room === undefined) continue;
    for (let x = -room.x; x <= room.x; x += SCAN_STEP) {
      for (let z = -room.z; z <= room.z; z += SCAN_STEP) yield { x, z, turn };
    }
  }
}

/** How far the middle may lie from the area's middle; none where the thing is too large. */
function roomFor(size: Area, turn: number, area: Area): { x: number; z: number } | undefined {
  const reach = extent({ x: 0, z: 0, turn, ...size });
  const room = { x: area.width / 2 - reach.x, z: area.depth / 2 - reach.z };
  return room.x < 0 || room.z < 0 ? undefined : room;
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

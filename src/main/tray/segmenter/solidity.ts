import type { Size } from '../resample.ts';
import type { Part } from './parts.ts';

type Point = readonly [x: number, y: number];

/** Which part of the smallest convex shape around it a part of a picture fills, 0 to 1. */
export function solidityOf(part: Part, { width }: Pick<Size, 'width'>): number {
  const rows = new Map<number, { left: number; right: number }>();
  for (const at of part) {
    const x = at % width;
    const y = Math.floor(at / width);
    const { left, right } = rows.get(y) ?? { left: x, right: x + 1 };
    rows.set(y, { left: Math.min(left, x), right: Math.max(right, x + 1) });
  }
  const corners = [...rows].flatMap(([y, { left, right }]): Point[] => [
    [left, y],
    [right, y],
    [left, y + 1],
    [right, y + 1],
  ]);
  return part.length / areaOf(convexHullOf(corners));
}

/** By Andrew's monotone chain. */
function convexHullOf(points: readonly Point[]): readonly Point[] {
  const sorted = points.toSorted(([ax, ay], [bx, by]) => ax - bx || ay - by);
  return [...chainOf(sorted), ...chainOf(sorted.toReversed())];
}

/** One side of the hull, without its last point, with which the other begins. */
function chainOf(points: readonly Point[]): readonly Point[] {
  const chain: Point[] = [];
  for (const point of points) {
    while (chain.length > 1 && turn(chain.at(-2)!, chain.at(-1)!, point) <= 0) chain.pop();
    chain.push(point);
  }
  return chain.slice(0, -1);
}

/** Above 0 for a turn to the left on the way through three points. */
function turn([ax, ay]: Point, [bx, by]: Point, [cx, cy]: Point): number {
  return (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
}

function areaOf(corners: readonly Point[]): number {
  let twice = 0;
  corners.forEach(([x, y], index) => {
    const [nextX, nextY] = corners[(index + 1) % corners.length]!;
    twice += x * nextY - nextX * y;
  });
  return Math.abs(twice) / 2;
}

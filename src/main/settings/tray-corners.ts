import { z } from 'zod';

/** A point in fractions of the upright picture. */
export interface Corner {
  readonly x: number;
  readonly y: number;
}

/** A tray of which the camera sees less is one that nobody can tell things on. */
const leastArea = 0.05;

const corner = z.strictObject({ x: z.number(), y: z.number() });

/** Four corners in their order round the tray, in either direction. */
export const trayCorners = z.array(corner).check(({ value, issues }) => {
  const message = faultOf(value);
  if (message !== null) issues.push({ code: 'custom', message, input: value });
});

/** What is wrong with a tray's corners, to be read after the setting's name. */
function faultOf(corners: readonly Corner[]): string | null {
  if (corners.length !== 4) return `has ${corners.length} corners; a tray has four`;
  const isInside = (part: number): boolean => part >= 0 && part <= 1;
  const outside = corners.findIndex(({ x, y }) => !isInside(x) || !isInside(y));
  const { x, y } = corners[outside] ?? {};
  if (outside >= 0) {
    return `has corner ${outside + 1} at ${x}, ${y}, outside of the picture; both are from 0 to 1`;
  }
  const area = areaOf(corners);
  const turns = corners.map((_, at) => turnAt(corners, at));
  const lefts = turns.filter((turn) => turn < 0).length;
  if (lefts === 2) return 'has sides that cross; give the corners in their order round the tray';
  if (lefts === 1 || lefts === 3) return 'has a corner that points inwards; a tray has none';
  if (area < leastArea) {
    return `is ${(area * 100).toFixed(1)} % of the picture; ${leastArea * 100} % is the least`;
  }
  return null;
}

/** Twice the area that a corner spans with its neighbours: below 0 where it turns to the left. */
function turnAt(corners: readonly Corner[], at: number): number {
  const [before, here, after] = [at + 3, at, at + 1].map((index) => corners[index % 4]!);
  return (
    (here!.x - before!.x) * (after!.y - here!.y) - (here!.y - before!.y) * (after!.x - here!.x)
  );
}

/** By the shoelace formula. */
function areaOf(corners: readonly Corner[]): number {
  const doubled = corners.reduce((sum, { x, y }, at) => {
    const next = corners[(at + 1) % corners.length]!;
    return sum + x * next.y - next.x * y;
  }, 0);
  return Math.abs(doubled) / 2;
}

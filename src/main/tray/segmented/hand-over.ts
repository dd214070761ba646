import type { Region } from '../../../shared/frame.ts';
import { placeOf } from '../../../shared/item-mask.ts';
import { areaOf, commonArea, overlapOf } from '../../../shared/overlap.ts';
import type { Placement } from '../tracker.ts';
import type { TrayEvent } from '../tray-event.ts';

/** The ids by which each of the new tray's placements was told, where those are not its own. */
export type ToldAs = ReadonlyMap<string, readonly string[]>;

export interface HandOver {
  /** What must be told for the new tray to go on from what the old one told. */
  readonly events: readonly TrayEvent[];
  readonly toldAs: ToldAs;
}

/** Of two boxes' common area the part that both have in common, for one thing seen by two trays. */
const LEAST_OVERLAP = 0.3;
/** Of a box, the part that lies in another one. */
const MOSTLY_WITHIN = 0.6;

/**
 * Goes over from one tray to another in the midst of a sale: `told` is what the first one told and
 * still lies there, `seen` what the second one knows of. What both see keeps the ids that it was told
 * by. Things that the second one sees as one stay several, until that one leaves. What only the second
 * one sees is placed, but unsure: the first one may have known it for a hand or for light.
 */
export function handOver(
  told: readonly Placement[],
  seen: readonly Placement[],
  atMs: number,
): HandOver {
  const toldAs = new Map<string, readonly string[]>();
  const left = new Set(told);
  for (const { one, other } of pairsByOverlap(told, seen)) {
    if (!left.has(one) || toldAs.has(other.placementId)) continue;
    left.delete(one);
    toldAs.set(other.placementId, [one.placementId]);
  }
  for (const { placementId, region } of seen) {
    const parts = [...left].filter((one) => partWithin(one.region, region) >= MOSTLY_WITHIN);
    const ids = [...(toldAs.get(placementId) ?? []), ...parts.map((one) => one.placementId)];
    // A single one that is much smaller is another thing, which lay there before.
    if (ids.length < 2) continue;
    for (const one of parts) left.delete(one);
    toldAs.set(placementId, ids);
  }
  const removed = [...left].map(({ placementId, region }) => ({
    kind: 'removed' as const,
    placementId,
    region: placeOf(region),
    atMs,
  }));
  const placed = seen
    .filter(({ placementId }) => !toldAs.has(placementId))
    .map(({ placementId, region }) => ({
      kind: 'placed' as const,
      placementId,
      region,
      atMs,
      stillSinceMs: atMs,
      unsure: true,
    }));
  return { events: [...removed, ...placed], toldAs };
}

/** The new tray's event by the ids that its placement was told by. */
export function retold(event: TrayEvent, toldAs: ToldAs): readonly TrayEvent[] {
  if (event.kind !== 'moved' && event.kind !== 'removed') return [event];
  return idsOf(event, toldAs).map((placementId) => ({ ...event, placementId }));
}

/** The ids by which a placement of the new tray was told. */
export function idsOf(
  { placementId }: Pick<Placement, 'placementId'>,
  toldAs: ToldAs,
): readonly string[] {
  return toldAs.get(placementId) ?? [placementId];
}

/** Those that may be one thing, the likeliest first. */
function pairsByOverlap(
  told: readonly Placement[],
  seen: readonly Placement[],
): readonly { readonly one: Placement; readonly other: Placement }[] {
  return told
    .flatMap((one) =>
      seen.map((other) => ({ one, other, overlap: overlapOf(one.region, other.region) })),
    )
    .filter(({ overlap }) => overlap >= LEAST_OVERLAP)
    .toSorted((first, second) => second.overlap - first.overlap);
}

function partWithin(one: Region, other: Region): number {
  return commonArea(one, other) / areaOf(one);
}

import type { Box, GreyHistogram, MeanColour, Patch } from './appearance.ts';
import {
  boxGap,
  createGreyHistogram,
  greysOf,
  isSameColour,
  likeness,
  meanColour,
  sameLook,
} from './appearance.ts';
import type { BackgroundModel } from './background-model.ts';
import type { Component } from './components.ts';
import type { PlacedObject, PlacementStack } from './placement-stack.ts';
import type { Say } from './tray-event.ts';

/**
 * What has left the tray, and is not told yet as long as it may be put down again: until nothing moves
 * any more, at most `putBackMs`.
 */
export interface PendingRemovals {
  /** A placement is there no longer. */
  leave(placement: PlacedObject, nowMs: number): void;
  /** Takes back a placement that left a moment ago and looks much as `patch` does now. */
  putBack(patch: Patch): PutBack | undefined;
  /** Whether `patch` is by far smaller than something that left beside it a moment ago. */
  wentFrom(component: Component, patch: Patch, nowMs: number): boolean;
  /** Reports removals once it is clear that the item was not just put down elsewhere. */
  dismiss(isCalm: boolean, nowMs: number, say: Say): void;
}

export interface PutBack {
  readonly placementId: string;
  /** It looks the same grey by grey; otherwise it may be another thing of like greys. */
  readonly isSure: boolean;
}

interface Leaving {
  readonly colour: MeanColour;
  readonly placement: PlacedObject;
  readonly greys: GreyHistogram;
  /** The accepted picture when it left. */
  readonly look: Float32Array;
  readonly area: number;
  readonly atMs: number;
}

export function createPendingRemovals(
  width: number,
  { accepted, mean, counts, colours }: BackgroundModel,
  stack: PlacementStack,
  putBackMs: number,
): PendingRemovals {
  const greys = createGreyHistogram();
  let leaving: readonly Leaving[] = [];
  /** What left lately, whether that was told already or not. */
  let departed: readonly { readonly box: Box; readonly area: number; readonly atMs: number }[] = [];

  return {
    leave(placement, nowMs) {
      const looks = greysOf(placement, accepted, width, createGreyHistogram());
      const look = accepted.slice();
      const colour = meanColour(placement, colours.accepted, width);
      stack.lift(placement);
      const { area } = placement;
      leaving = [...leaving, { placement, greys: looks, look, colour, area, atMs: nowMs }];
      departed = [
        ...departed.filter((entry) => nowMs - entry.atMs < putBackMs),
        { box: placement, area, atMs: nowMs },
      ];
    },
    putBack(patch) {
      if (leaving.length === 0) return undefined;
      greysOf(patch, mean, width, greys);
      const colour = meanColour(patch, colours.now, width);
      const back = leaving.find((entry) => {
        const ratio = patch.area / entry.area;
        return (
          ratio >= 0.8 &&
          ratio <= 1.25 &&
          likeness(entry.greys, greys) >= 0.85 &&
          isSameColour(entry.colour, colour)
        );
      });
      leaving = leaving.filter((entry) => entry !== back);
      if (back === undefined) return undefined;
      const { placement, look } = back;
      const isSure = sameLook(placement, look, patch, mean, width, counts.noise);
      return { placementId: placement.placementId, isSure };
    },
    wentFrom: (component, patch, nowMs) =>
      departed.some(
        ({ box, area, atMs }) =>
          nowMs - atMs < putBackMs && patch.area < 0.5 * area && boxGap(box, component) <= 3,
      ),
    dismiss(isCalm, nowMs, say) {
      if (leaving.length === 0) return;
      for (const entry of leaving) {
        if (isCalm || nowMs - entry.atMs >= putBackMs) {
          const { placementId, region } = entry.placement;
          say({ kind: 'removed', placementId, region, atMs: nowMs });
        }
      }
      leaving = isCalm ? [] : leaving.filter((entry) => nowMs - entry.atMs < putBackMs);
    },
  };
}

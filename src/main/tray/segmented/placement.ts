import type { ItemRegion } from '../../../shared/item-mask.ts';
import type { Planes } from './accepted-picture.ts';
import type { Mask, Size } from './mask.ts';

/** A thing that was told, as far as the tray knows it. */
export interface Placement {
  readonly placementId: string;
  /** It grows where more of it shows. */
  mask: Mask;
  readonly region: ItemRegion;
  /** Grey, before it lay there. */
  readonly beneath: Uint8Array;
  /** Of it: grey, blue and red on the mean. */
  readonly tone: readonly number[];
  readonly placedMs: number;
  /** When somebody was last at it, since the hand that laid it down left; NaN for never. */
  touchedMs: number;
  /** Since when it does not show, NaN while it does. */
  goneSinceMs: number;
}

export function placementOf(
  placementId: string,
  mask: Mask,
  beneath: Uint8Array,
  planes: Planes,
  { placedMs, size }: { readonly placedMs: number; readonly size: Size },
): Placement {
  const [region, tone] = [regionOf(mask, size), toneOf(mask, planes)];
  const unknown = { touchedMs: Number.NaN, goneSinceMs: Number.NaN };
  return { placementId, mask, region, beneath, tone, placedMs, ...unknown };
}

export function regionOf(mask: Mask, { width, height }: Size): ItemRegion {
  const { own, left, top, right, bottom } = mask;
  return {
    left: left / width,
    top: top / height,
    width: (right - left) / width,
    height: (bottom - top) / height,
    mask: { width, height, own },
  };
}

/** Each plane's mean in the mask. */
export function toneOf({ own, pixels }: Mask, planes: Planes): readonly number[] {
  return planes.map((plane) => {
    let sum = 0;
    for (let at = 0; at < own.length; at += 1) if (own[at] === 1) sum += plane[at]!;
    return sum / pixels;
  });
}

/** Whether somebody was at it since it was told. */
export function wasTouched({ touchedMs, placedMs }: Placement): boolean {
  return touchedMs > placedMs;
}

import type { ItemRegion } from '../../../shared/item-mask.ts';
import type { Planes } from './accepted-picture.ts';
import { meanIn } from './mask.ts';
import type { Mask, Size } from './mask.ts';

/** A thing that was told, as far as the tray knows it. */
export interface Placement {
  readonly placementId: string;
  /** It grows where more of it shows. */
  mask: Mask;
  readonly region: ItemRegion;
  /** Grey, before it lay there. */
  readonly beneath: Uint8Array;
  /** What was seen to have come when it was told, it and others. */
  readonly addedThen: Uint8Array;
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
  seen: Pick<Placement, 'beneath' | 'addedThen' | 'placedMs'>,
  planes: Planes,
  size: Size,
): Placement {
  const [region, tone] = [regionOf(mask, size), toneOf(mask, planes)];
  return {
    placementId,
    mask,
    region,
    tone,
    ...seen,
    touchedMs: Number.NaN,
    goneSinceMs: Number.NaN,
  };
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
export function toneOf(mask: Mask, planes: Planes): readonly number[] {
  return planes.map((plane) => meanIn(mask, plane));
}

/** Whether somebody was at it since it was told. */
export function wasTouched({ touchedMs, placedMs }: Placement): boolean {
  return touchedMs > placedMs;
}

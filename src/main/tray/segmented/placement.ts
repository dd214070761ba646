import type { ItemRegion } from '../../../shared/item-mask.ts';
import type { Planes } from './accepted-picture.ts';
import { meanIn } from './mask.ts';
import type { Size } from '../resample.ts';
import type { Mask } from './mask.ts';

/** A thing that was told, as far as the tray knows it. */
export interface Placement {
  readonly placementId: string;
  /** It grows where more of it shows. */
  mask: Mask;
  readonly region: ItemRegion;
  /** Grey, before it lay there. */
  readonly beneath: Uint8Array;
  /** 1 where something lay still and free when it was told, it and others. */
  readonly restingThen: Uint8Array;
  /** Of it: grey, blue and red on the mean. */
  readonly tone: readonly number[];
  readonly placedMs: number;
  /** When the hand that laid it down was last at it. */
  leftMs: number;
  /** When somebody was last at it, since the hand that laid it down left; NaN for never. */
  touchedMs: number;
  /** Since when its place was seen without it, and it was not seen there again; else NaN. */
  goneSinceMs: number;
  /** Whether the last picture shows its place without it. */
  isGone: boolean;
}

export function placementOf(
  placementId: string,
  mask: Mask,
  seen: Pick<Placement, 'beneath' | 'restingThen' | 'placedMs'>,
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
    leftMs: seen.placedMs,
    touchedMs: Number.NaN,
    goneSinceMs: Number.NaN,
    isGone: false,
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

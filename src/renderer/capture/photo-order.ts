import type { ItemRegion } from '../../shared/item-mask.ts';
import type { Orientation } from '../../shared/orientation.ts';

/** A frame is handed over with it, and closed by who takes it. */
export interface PhotoOrder {
  readonly frame: VideoFrame;
  readonly region: ItemRegion | null;
  readonly maxSide: number;
  readonly orientation: Orientation;
}

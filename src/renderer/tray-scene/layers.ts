/** Layer 0 casts shadows and is seen by every camera; the others cast none. */
export const SEEN_LAYER = 1;

/** Hangs over the tray: only the world view shows it. */
export const OVERHEAD_LAYER = 2;

/**
 * What lies on the tray, from small pictures alone.
 *
 *   thumb ─▶ smooth ─▶ bands ─▶ light ─▶ background ─▶ soft light ─▶ components ─▶ classifier ─▶ events
 *                        ▲        ▲        │                            │               │
 *                        │        │     colours                      traces             │
 *                        └────────┴──────── accepted picture ◀──────────────────────────┘
 *
 * The accepted picture is the bare tray with all that was reported on it. `bands` takes out what mains
 * flicker draws across a picture. `light` fits how the lamp, the exposure and the camera's place differ
 * from it by nine numbers; `background` undoes that and keeps, for each pixel, a mean since it last moved and
 * for how long it has been still, so that stillness is a matter of each thing and not of the whole
 * picture: an item counts while the hand is still going. `soft light` keeps wide soft shade, as that of
 * somebody who walks by, from what lies in it. `traces` remembers how each part of the picture came to
 * look as it does: a hand that lets go bares what it hid, and light comes everywhere at once.
 * `components` joins the changed pixels, and each component goes its own way:
 *
 *                    moves, fades in or out
 *                  ┌────────────────────────┐
 *                  ▼                        │
 *   changed ─▶  moving ── still for ~60 ms ─┴▶ due ─┬─ shows what lay beneath ──▶ removed ┐
 *                                                   ├─ the same thing, elsewhere ─▶ moved │
 *                  near a moving arm: 200 ms ◀──────┤                                     │
 *       at the border: 0.3 s, across: 1.5 s  ◀──────┤                                     ▼
 *                                                   ├─ no sharp edge: shadow, 0.6 s ─▶ accepted
 *                                                   ├─ a line or speck, 1 s ─────────▶ accepted
 *                                                   └─ thick, sharp, new ─▶ placed ──▶ accepted
 *
 * What lies free and has been still for one picture, and so is not due yet, is said to be `resting`.
 *
 * Each placement keeps its pixels and what lay beneath them, so a removal names the right one, also in
 * a pile. What it leaves changed is compared with what lay beneath, in the shade of what stands there
 * still, whose edges are none of a new thing. A removal waits until nothing moves any more (at most
 * 1.2 s): what is put down again elsewhere in the same movement has moved.
 *
 * An arm is known by crossing the picture's border with its own edges, or by hiding those of the tray's
 * rim. A shade across the border lets them show, and is no arm. Items may lie across the border too, and
 * they are placed after the patience for an arm, which is long where no hand was seen to let go. What
 * was taken up and may have been swapped for a thing of like looks is said to have moved, but `unsure`.
 * The tray as a whole is
 *
 *   learning ──6 calm pictures──▶ seeing ◀──▶ blind (dark, too bright, covered, frozen, restless)
 *
 * and what lies there is remembered while it is blind. Deep flicker, little light and a slow camera are
 * said besides, and the tray goes on.
 */
import type { Thumb } from '../../shared/frame.ts';
import type { Placement, Tracker } from './tracker.ts';
import { createTracker } from './tracker.ts';
import type { TrayEvent } from './tray-event.ts';
import type { TrayOptions } from './tray-options.ts';
import { defaultOptions } from './tray-options.ts';

export type { TrayEvent } from './tray-event.ts';

export interface Tray {
  see(thumb: Thumb): readonly TrayEvent[];
  /**
   * Starts anew with the next pictures. With `keepPlacements` (the camera was away, the tray was not)
   * what lay there is still known, and what changed meanwhile is reported.
   */
  reset(options?: { readonly keepPlacements?: boolean }): void;
  /** The picture that was seen last without the bands that the mains draw across it. */
  withoutBands(thumb: Thumb): Thumb;
  /** What lies on the tray, oldest first. */
  placements(): readonly Placement[];
}

const LEAST_WIDTH = 32;
const LEAST_HEIGHT = 24;

export function createTray(options: Partial<TrayOptions> = {}): Tray {
  const settings: TrayOptions = { ...defaultOptions, ...options };
  let nextId = 1;
  let tracker: Tracker | undefined;

  return {
    see(thumb) {
      const { width, height, grey } = thumb;
      if (!(width >= LEAST_WIDTH && height >= LEAST_HEIGHT)) {
        throw new RangeError(
          `A thumb of ${width}×${height} is too small; ${LEAST_WIDTH}×${LEAST_HEIGHT} is the least`,
        );
      }
      if (grey.length !== width * height) {
        throw new RangeError(`A thumb of ${width}×${height} has ${grey.length} pixels`);
      }
      if (tracker === undefined || tracker.width !== width || tracker.height !== height) {
        tracker = createTracker(thumb, settings, () => `p${nextId++}`, tracker?.end(thumb.atMs));
      }
      return tracker.see(thumb);
    },
    reset(resetOptions = {}) {
      if (resetOptions.keepPlacements === true) tracker?.restart();
      else tracker = undefined;
    },
    withoutBands: (thumb) => tracker?.withoutBands(thumb) ?? thumb,
    placements: () => tracker?.placements() ?? [],
  };
}

import type { BackgroundModel } from './background-model.ts';
import type { Reach } from './candidates.ts';
import type { Components } from './components.ts';
import { CHANGED, STRONG } from './components.ts';
import type { TrayOptions } from './tray-options.ts';

/**
 * How a change lies to the picture's border: an arm is known by coming in over it with its own edges.
 * `shade`: only the shade of a thing within the picture lies across.
 */
export type Crossing = 'none' | 'touches' | 'shade' | 'arm';

/** `contact` is what the edges' analysis says. */
export type CrossingOf = (reach: Reach, contact: number) => Crossing;

/** One side of the picture, where a component reaches it: pixels, and the ways from one to the next. */
interface Side {
  readonly first: number;
  readonly count: number;
  readonly along: number;
  readonly inwards: number;
}

/** A shade leaves at most this part of the light, and no more than this of what it shows unexplained. */
const SHADED = 0.95;
const UNEXPLAINED = 0.2;
/** The ground's own contrast, as a part of its grey, by which a shade can be told from a plain sleeve. */
const TELLING = 0.15;
/** A change of the rim by no more than this is hardly one: a shade takes more. */
const HARDLY = 0.1;
/** What throws a shade is darker than the shade by this, or brighter than the ground. */
const DARKER = 0.8;

export function createCrossing(
  width: number,
  height: number,
  background: BackgroundModel,
  components: Components,
  settings: TrayOptions,
): CrossingOf {
  const { accepted, mean, flags } = background;
  const armContact = settings.armContact * Math.min(width, height);
  const armCells = Math.max(3, armContact / 2);
  const minPixels = Math.max(20, settings.minArea * width * height);
  /** So far in from the border it is looked at how a change goes on. */
  const depth = Math.max(6, Math.round(width * 0.07));

  function sidesOf({ left, top, right, bottom }: Reach): readonly Side[] {
    const sides: Side[] = [];
    const row = { count: right - left + 1, along: 1 };
    const column = { count: bottom - top + 1, along: width };
    const last = (height - 1) * width;
    if (top <= 1) sides.push({ ...row, first: left, inwards: width });
    if (bottom >= height - 2) sides.push({ ...row, first: last + left, inwards: -width });
    if (left <= 1) sides.push({ ...column, first: top * width, inwards: 1 });
    if (right >= width - 2) sides.push({ ...column, first: (top + 1) * width - 1, inwards: -1 });
    return sides;
  }

  function isOf(reach: Reach, p: number): boolean {
    const y = Math.floor(p / width);
    return reach.has(components.labelAt(p - y * width, y));
  }

  /** Whether a change at the border goes on inwards as it is: the shadow of an item near it grows. */
  function goesOnInwards(reach: Reach, hasEdge: boolean, side: Side): boolean {
    let n = 0;
    let atBorder = 0;
    let inside = 0;
    let alike = 0;
    for (let i = 0; i < side.count; i++) {
      const p = side.first + i * side.along + side.inwards;
      if ((flags[p]! & STRONG) === 0 || !isOf(reach, p)) continue;
      n++;
      atBorder += Math.abs(mean[p]! - accepted[p]!);
      let most = 0;
      let unlike = 0;
      for (let k = 3; k <= depth; k++) {
        const q = p + k * side.inwards;
        most = Math.max(most, Math.abs(mean[q]! - accepted[q]!));
        if (Math.abs(mean[q]! - mean[p]!) > 8 + 0.08 * mean[p]!) unlike++;
      }
      inside += most;
      if (unlike <= 1) alike++;
    }
    if (n < armContact * 0.75) return false;
    // A sleeve as dark as the tray's rim changes little there, but looks the same further in.
    return atBorder > 0.65 * inside || (hasEdge && alike >= armContact * 0.75);
  }

  /**
   * Whether something so like the tray's rim that it hardly changes there hides it: over the rim's own
   * edges it looks the same all the way in, which no shade does.
   */
  function hidesRim(sides: readonly Side[]): boolean {
    let hiding = 0;
    for (const { first, count, along, inwards } of sides) {
      for (let i = 0; i < count; i++) if (hidesAlong(first + i * along, inwards)) hiding++;
    }
    return hiding >= armContact * 0.75;
  }

  function hidesAlong(from: number, inwards: number): boolean {
    const outermost = from + 2 * inwards;
    const before = accepted[outermost]!;
    if (Math.abs(mean[outermost]! - before) > HARDLY * before) return false;
    let own = 0;
    let low = Number.POSITIVE_INFINITY;
    let high = 0;
    let lowBefore = Number.POSITIVE_INFINITY;
    let highBefore = 0;
    for (let k = 2; k <= depth; k++) {
      const p = from + k * inwards;
      if ((flags[p]! & CHANGED) !== 0) own++;
      low = Math.min(low, mean[p]!);
      high = Math.max(high, mean[p]!);
      lowBefore = Math.min(lowBefore, accepted[p]!);
      highBefore = Math.max(highBefore, accepted[p]!);
    }
    const alike = 8 + 0.08 * high;
    return own > 0 && high - low <= alike && highBefore - lowBefore > 3 * alike;
  }

  /**
   * Whether only the shade of a thing within the picture lies across the border. Under a shade the
   * ground's own edges, as those of the tray's rim, still show, all darker by the same part; an arm
   * hides them. What throws it is there too: the shade of a hand outside the picture is none of a thing.
   */
  function isShadeOfThing(reach: Reach): boolean {
    const share = shadeAtBorder(reach);
    if (share === undefined) return false;
    let own = 0;
    eachPixel(reach, (p) => {
      const now = mean[p]!;
      if (now < share * DARKER * accepted[p]! || now > accepted[p]!) own++;
    });
    return own >= minPixels;
  }

  /** The part of the light that is left in a shade along the border; nothing if it is none. */
  function shadeAtBorder(reach: Reach): number | undefined {
    let n = 0;
    let sum = 0;
    let squares = 0;
    let ground = 0;
    let both = 0;
    eachPixel(reach, (p, x, y) => {
      if (Math.min(x, width - 1 - x, y, height - 1 - y) > depth) return;
      const now = mean[p]!;
      const before = accepted[p]!;
      n++;
      sum += now;
      squares += now * now;
      ground += before * before;
      both += now * before;
    });
    if (n === 0) return undefined;
    const share = both / ground;
    const contrast = squares - (sum * sum) / n;
    if (share > SHADED || contrast < (TELLING * sum) ** 2 / n) return undefined;
    return squares - share * both <= UNEXPLAINED * contrast ? share : undefined;
  }

  function eachPixel(reach: Reach, look: (p: number, x: number, y: number) => void): void {
    for (let y = reach.top; y <= reach.bottom; y++) {
      for (let x = reach.left; x <= reach.right; x++) {
        const p = y * width + x;
        if ((flags[p]! & CHANGED) === 0 || !reach.has(components.labelAt(x, y))) continue;
        look(p, x, y);
      }
    }
  }

  return (reach, contact) => {
    const sides = sidesOf(reach);
    if (sides.length === 0) return 'none';
    const hasEdge = contact > 0;
    if (hasEdge && isShadeOfThing(reach)) return 'shade';
    const crosses = (side: Side): boolean => goesOnInwards(reach, hasEdge, side);
    const isArm =
      contact >= armContact ||
      hidesRim(sides) ||
      (reach.borderCells >= armCells && sides.some(crosses));
    if (isArm) return 'arm';
    return hasEdge ? 'touches' : 'none';
  };
}

import type { Random } from './random.ts';
import { smoothNoise } from './random.ts';
import type { Hand } from './hand.ts';
import type { Point } from './hand-poses.ts';
import { emptyCutout } from './picture.ts';
import type { Cutout } from './picture.ts';

/** How a hand and its arm are clad. */
export interface ArmLook {
  /** Factor on the skin's brightness; a dark skin has about a half. */
  readonly skin: number;
  readonly glove: { readonly luma: number; readonly cb: number; readonly cr: number } | null;
  /** A sleeve from that many wrist widths above the wrist on; null for a bare arm. */
  readonly sleeve: {
    readonly from: number;
    readonly luma: number;
    readonly cb: number;
    readonly cr: number;
    /** How wide it is, to the wrist. */
    readonly width: number;
  } | null;
}

export interface Arm {
  readonly cutout: Cutout;
  /** Where the finger tips hold a thing, in its pixels. */
  readonly grip: Point;
}

/** As long as it needs to be for the farthest corner of a picture, in a hand's pixels. */
const armLength = 950;

export function randomLook(random: Random): ArmLook {
  const roll = random();
  const glove =
    roll < 0.1
      ? { luma: 120 + 20 * random(), cb: 22, cr: -20 }
      : roll < 0.16
        ? { luma: 45, cb: 2, cr: 0 }
        : roll < 0.22
          ? { luma: 205, cb: 0, cr: 0 }
          : null;
  const colour = random() * 2 * Math.PI;
  const vivid = random() < 0.5 ? 4 : 28 * random();
  const sleeve =
    random() < 0.68
      ? {
          from: random() < 0.75 ? 0.02 + 0.25 * random() : 0.8 + 1.2 * random(),
          luma: [28, 45, 75, 115, 165, 215][Math.floor(random() * 6)] ?? 60,
          cb: vivid * Math.cos(colour),
          cr: vivid * Math.sin(colour),
          width: 1.18 + 0.3 * random(),
        }
      : null;
  const skins = [1.02, 0.95, 0.85, 0.72, 0.58, 0.45, 0.34];
  return { skin: skins[Math.floor(random() * skins.length)] ?? 1, glove, sleeve };
}

/** The hand with an arm that goes on far enough to cross a picture's border wherever it reaches. */
export function armOf(hand: Hand, look: ArmLook, cloth: Cutout, random: Random): Arm {
  const [[ax, ay], [bx, by]] = hand.wrist;
  const wristWidth = Math.hypot(bx - ax, by - ay);
  const across: Point = [(bx - ax) / wristWidth, (by - ay) / wristWidth];
  // Between straight on from the wrist and straight up, where the hand's own axis points.
  const away: Point = unit([across[1] * 0.6, -across[0] * 0.6 - 0.4]);
  const side: Point = [-away[1], away[0]];
  const middle: Point = [(ax + bx) / 2, (ay + by) / 2];
  // How much the line across the wrist leans against the arm.
  const lean =
    (across[0] * away[0] + across[1] * away[1]) / (across[0] * side[0] + across[1] * side[1]);

  const maxHalf = wristWidth * 1.15;
  const tip: Point = [middle[0] + away[0] * armLength, middle[1] + away[1] * armLength];
  const left = Math.floor(Math.min(0, middle[0] - maxHalf, tip[0] - maxHalf));
  const right = Math.ceil(Math.max(hand.cutout.width, middle[0] + maxHalf, tip[0] + maxHalf));
  const top = Math.floor(Math.min(0, tip[1] - 20));
  const arm = emptyCutout(right - left, hand.cutout.height - top);

  const profile = skinProfile(hand);
  const mottle = smoothNoise(random, 64, 64, 5);
  const folds = smoothNoise(random, 96, 96, 4);
  const cuffBow = (random() - 0.5) * 0.2 * wristWidth;
  const sleeve = look.sleeve;
  // Where the hand ends at its knuckles, skin goes on for the rest of its back.
  const backFrom = hand.backMissing ? 0.45 : 0;
  const sleeveFrom = sleeve === null ? Infinity : (sleeve.from + backFrom) * wristWidth;
  const clothScale = 0.9 + 0.6 * random();
  const glovedTo = wristWidth * (0.25 + 0.4 * random());

  for (let y = 0; y < arm.height; y += 1) {
    for (let x = 0; x < arm.width; x += 1) {
      const p = y * arm.width + x;
      const dx = x + left - middle[0];
      const dy = y + top - middle[1];
      const c = dx * side[0] + dy * side[1];
      const along = dx * away[0] + dy * away[1];
      // From the wrist's own line on; farther up the lines lie square to the arm.
      const t = along - c * lean * Math.max(0, 1 - along / (2 * wristWidth));
      const handAt = (y + top) * hand.cutout.width + x + left;
      const isOnHand =
        x + left >= 0 &&
        x + left < hand.cutout.width &&
        y + top >= 0 &&
        y + top < hand.cutout.height;
      if (!isOnHand && Math.abs(c) > maxHalf) continue;
      let alpha = isOnHand ? (hand.cutout.alpha[handAt] ?? 0) : 0;
      if (alpha > 0) {
        const light = hand.cutout.luma[handAt] ?? 0;
        skinTone(
          arm,
          p,
          look,
          light,
          hand.cutout.cb[handAt] ?? 0,
          hand.cutout.cr[handAt] ?? 0,
          true,
        );
      }
      if (t > -1.5) {
        const half =
          (wristWidth / 2) * (1 + 0.38 * Math.min(1, Math.max(0, t) / (2.6 * wristWidth)));
        const bare = edge(half - Math.abs(c), 1.2) * edge(t + 1.5, 0.8);
        if (bare > 0) {
          const u = c / half;
          const at = Math.min(profile.length - 1, Math.max(0, ((u + 1) / 2) * profile.length));
          const [light, blue, red] = profile[Math.floor(at)] ?? [160, -12, 18];
          const turned = Math.max(0, t) / (1.5 * wristWidth);
          const round = 1 - 0.25 * Math.min(1, turned) * u ** 4;
          const spots = 1 + 0.05 * (mottle(x / 38, y / 52) - 0.5);
          const gloved = look.glove !== null && t < glovedTo;
          const mixed = light * round * spots;
          if (bare >= alpha) {
            skinTone(arm, p, look, mixed, blue, red, gloved);
            alpha = bare;
          }
        }
      }
      if (sleeve !== null) {
        const bow = cuffBow * (1 - (c / (wristWidth * 0.7)) ** 2);
        const into = t - sleeveFrom - bow;
        const half =
          (wristWidth / 2) *
          sleeve.width *
          (1 + 0.5 * Math.min(1, Math.max(0, into) / (3 * wristWidth)));
        const wavy = half * (1 + 0.05 * (folds(3, into / 40) - 0.5));
        const clad = edge(wavy - Math.abs(c), 1.2) * edge(into, 1);
        if (into < 0 && into > -0.12 * wristWidth && alpha > 0) {
          // The cuff's own shade on the skin.
          arm.luma[p] = (arm.luma[p] ?? 0) * (0.8 - (0.2 * into) / (-0.12 * wristWidth) + 0.2);
        }
        if (clad > 0) {
          const u = c / wavy;
          const weave =
            cloth.luma[
              (Math.floor(Math.abs(y + top) * clothScale) % cloth.height) * cloth.width +
                (Math.floor(Math.abs(x + left) * clothScale) % cloth.width)
            ] ?? 128;
          const fold = folds(x / 46, y / 30) + 0.6 * folds(x / 15 + 7, y / 22);
          const round = 1.06 - 0.42 * Math.abs(u) ** 2.5;
          const hem = into < 0.09 * wristWidth && into > 0.07 * wristWidth ? 0.75 : 1;
          const light =
            sleeve.luma * round * hem * (0.78 + 0.3 * fold * 0.8) * (0.55 + 0.45 * (weave / 128));
          const share = clad;
          arm.luma[p] = mix(alpha > 0 ? (arm.luma[p] ?? 0) : light, light, share);
          arm.cb[p] = mix(alpha > 0 ? (arm.cb[p] ?? 0) : sleeve.cb, sleeve.cb, share);
          arm.cr[p] = mix(alpha > 0 ? (arm.cr[p] ?? 0) : sleeve.cr, sleeve.cr, share);
          alpha = Math.max(alpha, clad);
        }
      }
      arm.alpha[p] = alpha;
    }
  }
  return { cutout: arm, grip: [hand.grip[0] - left, hand.grip[1] - top] };
}

/** The skin's colours along the wrist, from its left to its right, of a hand whose arm is made. */
function skinProfile(hand: Hand): (readonly [number, number, number])[] {
  const [[ax, ay], [bx, by]] = hand.wrist;
  const { cutout } = hand;
  const steps = 40;
  const raw = Array.from({ length: steps }, (_, step) => {
    const share = 0.04 + (0.92 * (step + 0.5)) / steps;
    const sums = [0, 0, 0, 0];
    for (let depth = 2; depth < 12; depth += 1) {
      const x = Math.round(ax + share * (bx - ax));
      const y = Math.round(ay + share * (by - ay) + depth);
      const p = y * cutout.width + x;
      const alpha =
        x >= 0 && y >= 0 && x < cutout.width && y < cutout.height ? (cutout.alpha[p] ?? 0) : 0;
      if (alpha < 0.9) continue;
      for (const [index, plane] of [cutout.luma, cutout.cb, cutout.cr].entries()) {
        sums[index] = (sums[index] ?? 0) + (plane[p] ?? 0);
      }
      sums[3] = (sums[3] ?? 0) + 1;
    }
    const count = sums[3] ?? 0;
    if (count === 0) return null;
    return [(sums[0] ?? 0) / count, (sums[1] ?? 0) / count, (sums[2] ?? 0) / count] as const;
  });
  const known = raw.filter((one) => one !== null);
  return raw.map((one, index) => {
    if (one !== null) return one;
    const near = raw
      .map((other, at) => ({ other, apart: Math.abs(at - index) }))
      .filter(({ other }) => other !== null)
      .sort((a, b) => a.apart - b.apart)[0]?.other;
    return near ?? known[0] ?? [165, -12, 18];
  });
}

/** Writes a pixel of skin, or of the glove on it. */
function skinTone(
  arm: Cutout,
  p: number,
  look: ArmLook,
  light: number,
  blue: number,
  red: number,
  isHand: boolean,
): void {
  if (look.glove !== null && isHand) {
    // The folds and nails of the hand show faintly through it.
    arm.luma[p] = look.glove.luma * (1 + (light - 165) / 260);
    arm.cb[p] = look.glove.cb;
    arm.cr[p] = look.glove.cr;
    return;
  }
  const tone = 0.35 + 0.65 * look.skin;
  arm.luma[p] = light * look.skin;
  arm.cb[p] = blue * tone;
  arm.cr[p] = red * tone;
}

function edge(distance: number, soft: number): number {
  return Math.min(1, Math.max(0, distance / (2 * soft) + 0.5));
}

function mix(a: number, b: number, share: number): number {
  return a + (b - a) * share;
}

function unit([x, y]: Point): Point {
  const length = Math.hypot(x, y);
  return [x / length, y / length];
}

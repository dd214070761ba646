import { CLIPPED } from './pixels.ts';
import type { Size } from './resample.ts';
import { createRestlessness } from './restlessness.ts';
import type { EvenedPicture } from './restlessness.ts';
import type { BlindReason, Say } from './tray-event.ts';
import type { TrayOptions } from './tray-options.ts';

/** Whether the camera sees the tray at all:  seeing ◀─▶ blind (dark, too bright, covered, frozen, restless). */
export interface VisibilityMonitor {
  /** Looks at a picture before anything else; `blind` means that there is nothing to be had from it. */
  look(grey: Uint8Array, nowMs: number): 'sees' | 'sees again' | 'blind';
  /**
   * Whether the picture shows no thing that could be told: so many pixels have changed that something
   * hides the tray, or all of it goes on to change.
   */
  isHidden(picture: TrayPicture, nowMs: number): boolean;
  /** The camera comes back. */
  restart(): void;
  readonly blind: BlindReason | undefined;
  /** Of the last picture, in grey levels. */
  readonly meanGrey: number;
}

interface TrayPicture extends EvenedPicture {
  /** Pixels that show something else than what is accepted. */
  readonly changed: number;
}

const COVERED_PART = 0.8;
const COVERED_MS = 1000;
/** A stuck camera is told only from one that had noise in so many pictures, in a tenth of the pixels. */
const NOISY_PICTURES = 20;
const NOISY_PART = 0.1;
const BRIGHT = 24;
/** With more than this clipped for so long, the camera's exposure is wrong and hardly anything shows. */
const TOO_BRIGHT_PART = 0.95;
const TOO_BRIGHT_MS = 1000;

/** `blind` is what the monitor of another size of picture last said. */
export function createVisibilityMonitor(
  { width, height }: Size,
  settings: TrayOptions,
  say: Say,
  blindBefore: BlindReason | undefined,
): VisibilityMonitor {
  const size = width * height;
  const restlessness = createRestlessness(width, height);
  const lastGrey = new Uint8Array(size);
  let blind = blindBefore;
  let coveredSinceMs = Number.NaN;
  let brightSinceMs = Number.NaN;
  let sameSinceMs = Number.NaN;
  let noisyPictures = 0;
  let mean = 0;
  let brightPart = 0;
  let clippedPart = 0;
  let wasDark = false;

  function restart(): void {
    restlessness.restart();
    forget();
  }

  function forget(): void {
    coveredSinceMs = Number.NaN;
    brightSinceMs = Number.NaN;
    sameSinceMs = Number.NaN;
    noisyPictures = 0;
  }

  function look(grey: Uint8Array, nowMs: number): 'sees' | 'sees again' | 'blind' {
    const wasBlind = blind;
    measureBrightness(grey);
    const dark = isDark();
    if (dark !== wasDark) restlessness.jump(nowMs);
    wasDark = dark;
    if (dark) {
      // A lamp that goes on and off is one trouble, and not two that take turns.
      goBlind(restlessness.isSo(nowMs) ? 'restless' : 'dark', nowMs);
      return 'blind';
    }
    if (blind === 'dark') seeAgain(nowMs);
    if (isTooBright(nowMs)) {
      goBlind('bright', nowMs);
      return 'blind';
    }
    if (blind === 'bright') seeAgain(nowMs);
    if (isStuck(grey, nowMs)) {
      goBlind('frozen', nowMs);
      return 'blind';
    }
    if (blind === 'frozen' && Number.isNaN(sameSinceMs)) seeAgain(nowMs);
    return wasBlind !== blind ? 'sees again' : 'sees';
  }

  function measureBrightness(grey: Uint8Array): void {
    let sum = 0;
    let bright = 0;
    let clipped = 0;
    for (let p = 1; p < grey.length; p += 11) {
      const value = grey[p]!;
      sum += value;
      if (value > BRIGHT) bright++;
      if (value >= CLIPPED) clipped++;
    }
    const samples = Math.floor((grey.length - 2) / 11) + 1;
    mean = sum / samples;
    brightPart = bright / samples;
    clippedPart = clipped / samples;
  }

  function isDark(): boolean {
    const limit = blind === 'dark' ? 1.3 : 1;
    return mean < 10 * limit && brightPart < 0.03 * limit;
  }

  function isTooBright(nowMs: number): boolean {
    if (clippedPart < (blind === 'bright' ? TOO_BRIGHT_PART * 0.97 : TOO_BRIGHT_PART)) {
      brightSinceMs = Number.NaN;
      return false;
    }
    if (Number.isNaN(brightSinceMs)) brightSinceMs = nowMs;
    return blind === 'bright' || nowMs - brightSinceMs >= TOO_BRIGHT_MS;
  }

  function isStuck(grey: Uint8Array, nowMs: number): boolean {
    // More than this is noise enough, and need not be counted.
    const most = Math.floor((size * NOISY_PART) / 3);
    let different = 0;
    for (let p = 0; p < size && different <= most; p += 3) {
      if (grey[p] !== lastGrey[p]) different++;
    }
    if (different === 0) {
      if (Number.isNaN(sameSinceMs)) sameSinceMs = nowMs;
      // What never had any noise is no camera, or one that hung before its first picture.
      const afterMs = noisyPictures >= NOISY_PICTURES ? settings.frozenMs : settings.stillFrozenMs;
      return nowMs - sameSinceMs >= afterMs;
    }
    sameSinceMs = Number.NaN;
    if (different > most) noisyPictures = Math.min(NOISY_PICTURES, noisyPictures + 1);
    lastGrey.set(grey);
    return false;
  }

  function isHidden(picture: TrayPicture, nowMs: number): boolean {
    restlessness.look(picture, nowMs);
    const isRestless = restlessness.isSo(nowMs);
    const limit = blind === 'covered' ? COVERED_PART * 0.8 : COVERED_PART;
    const isCovered = picture.changed / size >= limit;
    if (!isCovered) coveredSinceMs = Number.NaN;
    else if (Number.isNaN(coveredSinceMs)) coveredSinceMs = nowMs;
    // Of two reasons the first that was said stays, or the line would blink.
    if (blind === 'covered' && isCovered) return true;
    if (isRestless) goBlind('restless', nowMs);
    else if (nowMs - coveredSinceMs >= COVERED_MS) goBlind('covered', nowMs);
    else if (blind !== undefined && !isCovered) {
      blind = undefined;
      say({ kind: 'seeing', atMs: nowMs });
    }
    return isRestless || isCovered;
  }

  function goBlind(reason: BlindReason, nowMs: number): void {
    if (blind === reason) return;
    blind = reason;
    say({ kind: 'blind', reason, atMs: nowMs });
  }

  function seeAgain(nowMs: number): void {
    blind = undefined;
    forget();
    say({ kind: 'seeing', atMs: nowMs });
  }

  return {
    look,
    isHidden,
    restart,
    get meanGrey() {
      return mean;
    },
    get blind() {
      return blind;
    },
  };
}

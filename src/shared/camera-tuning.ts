/** What a camera is asked to hold still, so that only goods and hands change its picture. */
export const tuningGoals = [
  'mains-frequency',
  'frame-rate',
  'exposure',
  'white-balance',
  'focus',
] as const;

export type TuningGoal = (typeof tuningGoals)[number];

export const tuningRefusals = [
  /** The camera has no such control. */
  'not-offered',
  /** It has, but did not take the value. */
  'refused',
  /** So bright that the exposure, held all the same, is shorter than a lamp takes to flicker once. */
  'too-bright',
  /** Held, the picture became another one; it was let go again. */
  'picture-changed',
  /** The program that sets it is not installed. */
  'no-program',
  /** This system has no way to set it. */
  'not-on-this-system',
  /** Which of the system's devices it is cannot be told. */
  'unknown-device',
  /** Whoever was asked to set it failed or did not answer. */
  'failed',
] as const;

export type TuningRefusal = (typeof tuningRefusals)[number];

export interface GoalSet {
  readonly goal: TuningGoal;
  /** As a person reads it: `50 Hz`, `20 ms`, `automatic`. */
  readonly value: string;
}

export interface GoalRefused {
  readonly goal: TuningGoal;
  readonly reason: TuningRefusal;
  /** What the device said, where it said something. */
  readonly detail?: string;
}

export interface TuningOutcome {
  readonly set: readonly GoalSet[];
  readonly refused: readonly GoalRefused[];
}

/** Of the lamps; null where it is not known. */
export type MainsHz = 50 | 60 | null;

/** One step of tuning: first a camera finds its own values, then it holds them. */
export type TuningStep =
  | { readonly kind: 'release'; readonly goals: readonly TuningGoal[]; readonly mainsHz: MainsHz }
  | {
      readonly kind: 'hold';
      readonly goals: readonly TuningGoal[];
      readonly mainsHz: MainsHz;
      /** How much more light is wanted than the exposure lets in that the camera has now; 1 is as much. */
      readonly light: number;
    };

export interface ExposureRange {
  readonly min: number;
  readonly max: number;
  readonly step: number;
}

/** V4L2, UVC and MediaTrackSettings count exposure in steps of 100 µs. */
export const exposureUnitsPerSecond = 10_000;

/** At 30 pictures a second each lasts so long: a longer exposure would make the camera slower. */
const unslowedExposure = Math.floor(exposureUnitsPerSecond / 30);

/** The tray needs 10 pictures a second. */
const longestExposure = exposureUnitsPerSecond / 10;

/** A control's step may miss a whole flicker by so much of one: a twentieth of it is left. */
const mostOff = 0.05;

/** Further from what was found the picture would be another one. */
const mostApart = 1.6;

/**
 * The exposure time nearest to the wanted one in which a lamp flickers a whole number of times, so
 * that each row of the sensor gets the same light: a multiple of half the mains' period. Null where
 * there is none near enough.
 */
export function flickerFreeExposure(
  wanted: number,
  mainsHz: 50 | 60,
  range: ExposureRange,
): number | null {
  const flicker = exposureUnitsPerSecond / (2 * mainsHz);
  const apart = (exposure: number): number => Math.abs(Math.log(exposure / wanted));
  // A camera that is slow already, for want of light, is made no darker.
  const longest = Math.max(unslowedExposure, Math.min(longestExposure, wanted));
  const flickers = Array.from({ length: Math.floor((longest + 1) / flicker) }, (_, n) => n + 1);
  const [nearest] = flickers
    .map((count) => ({ exact: count * flicker, exposure: onStep(count * flicker, range) }))
    .filter(({ exact, exposure }) => Math.abs(exposure - exact) <= mostOff * flicker)
    .map(({ exposure }) => exposure)
    .toSorted((one, other) => apart(one) - apart(other));
  return nearest !== undefined && apart(nearest) <= Math.log(mostApart) ? nearest : null;
}

/** The nearest value that a control takes. */
export function onStep(value: number, { min, max, step }: ExposureRange): number {
  const steps = step > 0 ? Math.round((value - min) / step) * step : value - min;
  return Math.min(max, Math.max(min, min + steps));
}

/** `20 ms`. */
export function exposureText(exposure: number): string {
  return `${Math.round((exposure * 10_000) / exposureUnitsPerSecond) / 10} ms`;
}

import type { Thumb } from '../../../shared/frame.ts';
import { tuningGoals } from '../../../shared/camera-tuning.ts';
import type {
  GoalRefused,
  GoalSet,
  MainsHz,
  TuningGoal,
  TuningOutcome,
} from '../../../shared/camera-tuning.ts';
import {
  hasSettled,
  isAsColoured,
  isAsLight,
  lightOf,
  lightWanted,
  meanLight,
} from './picture-light.ts';
import type { PictureLight } from './picture-light.ts';
import type { TunableDevice } from './tunable-device.ts';

export interface TuningWishes {
  readonly mainsHz: MainsHz;
  /** Whether exposure, white balance and focus are held once the camera has found them. */
  readonly fixedExposure: boolean;
}

/** How a camera was tuned. */
export interface CameraTuning extends TuningOutcome {
  readonly by: TunableDevice['by'];
}

/**
 * Has a camera find its exposure, white balance and focus, and then hold them:
 *
 *   release ─▶ settle (2 to 10 s) ─▶ hold ─▶ check (1 s) ─▶ held ── 10 s dark or bright ─▶ release
 *                                     ▲        │
 *                                     └────────┘ another exposure, where it became lighter or darker
 *
 * All waiting is by the pictures' own times, so that a camera that gives none waits.
 */
export interface Tuner {
  see(thumb: Thumb): void;
  /** Begins anew soon: the light has changed. Not again and again where that does not help. */
  retune(): void;
  stop(): void;
}

const held = ['exposure', 'white-balance', 'focus'] as const satisfies readonly TuningGoal[];

const settleAtLeastMs = 2_000;
const settleAtMostMs = 10_000;
const checkMs = 1_000;
const checkPictures = 3;
const mostExposures = 3;

/** The picture is so long too dark or too bright before the camera is tuned anew. */
const faultMs = 10_000;
/** Held, a picture is looked at so often. */
const watchMs = 500;
/** Before the next tuning, at least; twice as long after each that ended too dark or too bright. */
const restMs = 30_000;
const longestRestMs = 600_000;
/** What changed the picture while it was checked may have been a shopper. */
const secondTryMs = 60_000;
const mostSecondTries = 3;

/** What came of holding; `exposure` is null where it is not held. */
interface Holding {
  readonly outcome: TuningOutcome;
  readonly light: PictureLight;
  readonly exposure: string | null;
}

interface Wait {
  readonly check: (lights: readonly PictureLight[]) => boolean;
  readonly resolve: (light: PictureLight | null) => void;
}

/** Begins at once. `tuned` is told at the end of each tuning. */
export function startTuner(
  device: TunableDevice,
  { mainsHz, fixedExposure }: TuningWishes,
  tuned: (tuning: CameraTuning) => void,
): Tuner {
  let turn = 0;
  let isTuning = false;
  let lights: PictureLight[] = [];
  let wait: Wait | null = null;
  let lastLookMs = Number.NEGATIVE_INFINITY;
  let faultSinceMs: number | null = null;
  let lastMs = 0;
  let restUntilMs = Number.NEGATIVE_INFINITY;
  let nextRestMs = restMs;
  let wantedFromMs: number | null = null;
  let secondTries = 0;
  let isHeld = false;

  /** The pictures from now on, until the check holds: the mean of the last ones. Null when stopped. */
  function pictures(check: Wait['check']): Promise<PictureLight | null> {
    lights = [];
    return new Promise((resolve) => {
      wait = { check, resolve };
    });
  }

  const spanMs = (seen: readonly PictureLight[]): number =>
    (seen.at(-1)?.atMs ?? 0) - (seen[0]?.atMs ?? 0);

  const settled = (): Promise<PictureLight | null> =>
    pictures(
      (seen) =>
        spanMs(seen) >= settleAtMostMs || (spanMs(seen) >= settleAtLeastMs && hasSettled(seen)),
    );

  const checked = (): Promise<PictureLight | null> =>
    pictures((seen) => spanMs(seen) >= checkMs && seen.length >= checkPictures);

  async function tune(): Promise<void> {
    const mine = ++turn;
    isTuning = true;
    isHeld = false;
    wantedFromMs = null;
    faultSinceMs = null;
    const released = await device.take({ kind: 'release', goals: tuningGoals, mainsHz });
    if (mine !== turn) return;
    let outcome: TuningOutcome = released;
    let light: PictureLight | null = null;
    if (fixedExposure) {
      const before = await settled();
      if (before === null || mine !== turn) return;
      const holding = await hold(before, () => mine === turn);
      if (holding === null) return;
      outcome = merged(released, holding.outcome);
      light = holding.light;
      isHeld = holding.exposure !== null;
    }
    isTuning = false;
    rest(outcome, light);
    tuned({ by: device.by, ...outcome });
  }

  async function hold(before: PictureLight, goesOn: () => boolean): Promise<Holding | null> {
    let outcome = await device.take({ kind: 'hold', goals: held, mainsHz, light: 1 });
    if (!goesOn()) return null;
    let after = await checked();
    if (after === null || !goesOn()) return null;
    const tried = new Set<string>();
    let exposure = valueOf(outcome, 'exposure');
    while (exposure !== null) {
      tried.add(exposure);
      if (isAsLight(before, after)) break;
      const light = lightWanted(before, after);
      const step = { kind: 'hold', goals: ['exposure'], mainsHz, light } as const;
      const next = tried.size < mostExposures ? await device.take(step) : null;
      if (!goesOn()) return null;
      exposure = next === null ? null : valueOf(next, 'exposure');
      if (next === null || exposure === null || tried.has(exposure)) {
        outcome = await letGo(outcome, 'exposure', 'picture-changed');
        exposure = null;
        break;
      }
      outcome = merged(without(outcome, 'exposure'), next);
      after = await checked();
      if (after === null || !goesOn()) return null;
    }
    if (valueOf(outcome, 'white-balance') !== null && !isAsColoured(before, after)) {
      outcome = await letGo(outcome, 'white-balance', 'picture-changed');
    }
    for (const { goal, reason } of outcome.refused) {
      // A part of it may have been set.
      if (reason === 'refused' || reason === 'failed') {
        await device.take({ kind: 'release', goals: [goal], mainsHz });
      }
    }
    return goesOn() ? { outcome, light: after, exposure } : null;
  }

  async function letGo(
    outcome: TuningOutcome,
    goal: TuningGoal,
    reason: GoalRefused['reason'],
  ): Promise<TuningOutcome> {
    const released = await device.take({ kind: 'release', goals: [goal], mainsHz });
    const { set, refused } = merged(without(outcome, goal), released);
    return { set, refused: [...refused, { goal, reason }] };
  }

  function rest(outcome: TuningOutcome, light: PictureLight | null): void {
    restUntilMs = lastMs + nextRestMs;
    const isInVain = light !== null && light.fault !== null;
    nextRestMs = isInVain ? Math.min(longestRestMs, nextRestMs * 2) : restMs;
    const mayHaveBeenAShopper = outcome.refused.some(({ reason }) => reason === 'picture-changed');
    if (!mayHaveBeenAShopper) secondTries = 0;
    else if (secondTries < mostSecondTries) {
      secondTries += 1;
      wantedFromMs = lastMs + secondTryMs;
    }
  }

  function watch(light: PictureLight): void {
    if (light.fault === null) faultSinceMs = null;
    else faultSinceMs ??= light.atMs;
    const isLong = faultSinceMs !== null && light.atMs - faultSinceMs >= faultMs;
    if (isLong && isHeld) wantedFromMs ??= light.atMs;
    if (wantedFromMs !== null && light.atMs >= Math.max(wantedFromMs, restUntilMs)) void tune();
  }

  void tune();

  return {
    see: (thumb) => {
      lastMs = thumb.atMs;
      if (wait !== null) {
        lights.push(lightOf(thumb));
        if (!wait.check(lights)) return;
        const { resolve } = wait;
        wait = null;
        resolve(meanLight(lights.slice(-checkPictures)));
      } else if (!isTuning && thumb.atMs - lastLookMs >= watchMs) {
        lastLookMs = thumb.atMs;
        watch(lightOf(thumb));
      }
    },
    retune: () => {
      // One that is not held follows the light by itself.
      if (isHeld && !isTuning) wantedFromMs ??= lastMs;
    },
    stop: () => {
      turn += 1;
      wait?.resolve(null);
      wait = null;
      isTuning = true;
      device.stop();
    },
  };
}

function valueOf({ set }: TuningOutcome, goal: TuningGoal): string | null {
  return set.find((one) => one.goal === goal)?.value ?? null;
}

function without({ set, refused }: TuningOutcome, goal: TuningGoal): TuningOutcome {
  const isOther = (one: GoalSet | GoalRefused): boolean => one.goal !== goal;
  return { set: set.filter(isOther), refused: refused.filter(isOther) };
}

/** What was said last of a goal counts. */
function merged(first: TuningOutcome, then: TuningOutcome): TuningOutcome {
  const isSaid = (goal: TuningGoal): boolean =>
    [...then.set, ...then.refused].some((one) => one.goal === goal);
  return {
    set: [...first.set.filter(({ goal }) => !isSaid(goal)), ...then.set],
    refused: [...first.refused.filter(({ goal }) => !isSaid(goal)), ...then.refused],
  };
}

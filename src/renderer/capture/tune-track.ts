import { exposureText, flickerFreeExposure, onStep } from '../../shared/camera-tuning.ts';
import type {
  ExposureRange,
  GoalRefused,
  GoalSet,
  TuningGoal,
  TuningOutcome,
  TuningStep,
} from '../../shared/camera-tuning.ts';

/** https://www.w3.org/TR/image-capture/, which TypeScript's own types leave out. */
interface ImageCaptureValues {
  readonly exposureMode?: string;
  /** In steps of 100 µs. */
  readonly exposureTime?: number;
  readonly whiteBalanceMode?: string;
  /** In kelvin. */
  readonly colorTemperature?: number;
  readonly focusMode?: string;
  readonly focusDistance?: number;
}

type Capabilities = MediaTrackCapabilities & {
  readonly [key in 'exposureMode' | 'whiteBalanceMode' | 'focusMode']?: readonly string[];
} & {
  readonly [key in 'exposureTime' | 'colorTemperature' | 'focusDistance']?: ExposureRange;
};

type Settings = MediaTrackSettings & ImageCaptureValues;

export type TunableTrack = Pick<
  MediaStreamTrack,
  'getCapabilities' | 'getSettings' | 'applyConstraints'
>;

export interface TrackTuning {
  /** Asks for what the track says that it can do. Never rejects. */
  take(step: TuningStep): Promise<TuningOutcome>;
}

/** The tray needs 10 pictures a second; a camera that takes longer for each in the dark shall not. */
const frameRate = { min: 15, ideal: 30 };

export function createTrackTuning(track: TunableTrack): TrackTuning {
  /** By goal: each call of applyConstraints replaces all that was asked before. */
  const asked = new Map<TuningGoal, ImageCaptureValues>();

  async function take(goal: TuningGoal, step: TuningStep): Promise<readonly Said[]> {
    if (goal === 'frame-rate') return [await steadyRate(track)];
    const plan = planGoal(goal, step, track.getCapabilities(), track.getSettings());
    if (plan.values === null) return plan.said;
    asked.set(goal, plan.values);
    await track.applyConstraints({ advanced: [...asked.values()] as MediaTrackConstraintSet[] });
    // What is advanced may be passed over in silence.
    const settings: Settings = track.getSettings();
    const { values } = plan;
    if (modes.every((mode) => values[mode] === undefined || values[mode] === settings[mode])) {
      return plan.said;
    }
    asked.delete(goal);
    return [{ goal, reason: 'refused' }];
  }

  return {
    take: async ({ goals, ...step }) => {
      const said: Said[] = [];
      for (const goal of goals) {
        const refuse = (error: unknown): readonly Said[] => {
          asked.delete(goal);
          return [{ goal, reason: 'refused', detail: String(error).slice(0, 200) }];
        };
        said.push(...(await take(goal, { goals, ...step }).catch(refuse)));
      }
      return {
        set: said.flatMap((one) => ('value' in one ? [one] : [])),
        refused: said.flatMap((one) => ('reason' in one ? [one] : [])),
      };
    },
  };
}

type Said = GoalSet | GoalRefused;

const modes = ['exposureMode', 'whiteBalanceMode', 'focusMode'] as const;

interface GoalPlan {
  /** Null where nothing is to be asked. */
  readonly values: ImageCaptureValues | null;
  /** What comes of it where the track takes it. */
  readonly said: readonly Said[];
}

function planGoal(
  goal: Exclude<TuningGoal, 'frame-rate'>,
  step: TuningStep,
  capabilities: Capabilities,
  settings: Settings,
): GoalPlan {
  const isHold = step.kind === 'hold';
  switch (goal) {
    case 'exposure':
      if (!isHold) return automatic(goal, 'exposureMode', capabilities);
      return holdExposure(step, capabilities, settings);
    case 'white-balance': {
      if (!isHold) return automatic(goal, 'whiteBalanceMode', capabilities);
      const { colorTemperature: kelvin } = settings;
      return held(goal, 'whiteBalanceMode', capabilities, {
        ...(kelvin !== undefined && { colorTemperature: kelvin }),
      });
    }
    case 'focus': {
      if (!isHold) return automatic(goal, 'focusMode', capabilities);
      const { focusDistance } = settings;
      return held(goal, 'focusMode', capabilities, {
        ...(focusDistance !== undefined && { focusDistance }),
      });
    }
    case 'mains-frequency':
      return refused(goal);
  }
}

function holdExposure(
  { mainsHz, light }: Extract<TuningStep, { kind: 'hold' }>,
  capabilities: Capabilities,
  settings: Settings,
): GoalPlan {
  const { exposureTime: now } = settings;
  const { exposureMode = [], exposureTime: range } = capabilities;
  if (!exposureMode.includes('manual') || now === undefined || range === undefined) {
    return refused('exposure');
  }
  const wanted = Math.max(1, now * light);
  const steady = mainsHz === null ? null : flickerFreeExposure(wanted, mainsHz, range);
  const exposureTime = steady ?? onStep(wanted, range);
  const said: Said[] = [{ goal: 'exposure', value: exposureText(exposureTime) }];
  if (steady === null && mainsHz !== null) said.push({ goal: 'exposure', reason: 'too-bright' });
  return { values: { exposureMode: 'manual', exposureTime }, said };
}

function automatic(
  goal: TuningGoal,
  mode: (typeof modes)[number],
  capabilities: Capabilities,
): GoalPlan {
  if (!capabilities[mode]?.includes('continuous')) return refused(goal);
  return { values: { [mode]: 'continuous' }, said: [{ goal, value: 'automatic' }] };
}

function held(
  goal: TuningGoal,
  mode: (typeof modes)[number],
  capabilities: Capabilities,
  values: ImageCaptureValues,
): GoalPlan {
  if (!capabilities[mode]?.includes('manual')) return refused(goal);
  const { colorTemperature: kelvin } = values;
  const value = kelvin === undefined ? 'held' : `${kelvin} K`;
  return { values: { [mode]: 'manual', ...values }, said: [{ goal, value }] };
}

function refused(goal: TuningGoal): GoalPlan {
  return { values: null, said: [{ goal, reason: 'not-offered' }] };
}

async function steadyRate(track: TunableTrack): Promise<Said> {
  const goal = 'frame-rate';
  const { width, height } = track.getSettings();
  const most = track.getCapabilities().frameRate?.max ?? 0;
  if (most < frameRate.min || width === undefined || height === undefined) {
    return { goal, reason: 'not-offered' };
  }
  await track.applyConstraints({ width, height, frameRate });
  return { goal, value: `${Math.round(track.getSettings().frameRate ?? 0)} pictures a second` };
}

import { exposureText, flickerFreeExposure, onStep } from '../../../shared/camera-tuning.ts';
import type {
  GoalRefused,
  GoalSet,
  MainsHz,
  TuningGoal,
  TuningStep,
} from '../../../shared/camera-tuning.ts';
import { controlIds } from './v4l2-controls.ts';
import type { V4l2Control } from './v4l2-controls.ts';

/** What is to be set for a goal, one after the other. */
export interface Wish extends GoalSet {
  readonly assignments: readonly { readonly name: string; readonly value: number }[];
}

export interface Plan {
  readonly wishes: readonly Wish[];
  readonly refused: readonly GoalRefused[];
}

/** What to set on a camera with these controls, for one step. It holds the values that it has. */
export function planStep(step: TuningStep, controls: readonly V4l2Control[]): Plan {
  const camera = new Map(
    controls.filter(({ flags }) => !flags.has('read-only')).map((control) => [control.id, control]),
  );
  const plans = step.goals.flatMap((goal) =>
    step.kind === 'release' ? release[goal](camera, step.mainsHz) : hold[goal](camera, step),
  );
  return {
    wishes: plans.flatMap((plan) => ('assignments' in plan ? [plan] : [])),
    refused: plans.flatMap((plan) => ('reason' in plan ? [plan] : [])),
  };
}

type Camera = ReadonlyMap<number, V4l2Control>;
type Planned = Wish | GoalRefused;

const release: Readonly<
  Record<TuningGoal, (camera: Camera, mainsHz: MainsHz) => Planned | Planned[]>
> = {
  'mains-frequency': mainsFrequency,
  'frame-rate': frameRate,
  exposure: (camera) => {
    const auto = camera.get(controlIds.autoExposure);
    return set('exposure', 'automatic', auto, automaticExposure(auto));
  },
  'white-balance': (camera) =>
    set('white-balance', 'automatic', camera.get(controlIds.autoWhiteBalance), 1),
  focus: (camera) => set('focus', 'automatic', camera.get(controlIds.autoFocus), 1),
};

type Hold = Extract<TuningStep, { kind: 'hold' }>;

const hold: Readonly<Record<TuningGoal, (camera: Camera, step: Hold) => Planned | Planned[]>> = {
  'mains-frequency': (camera, { mainsHz }) => mainsFrequency(camera, mainsHz),
  'frame-rate': frameRate,
  exposure: holdExposure,
  'white-balance': (camera) => {
    const auto = camera.get(controlIds.autoWhiteBalance);
    const kelvin = camera.get(controlIds.whiteBalanceTemperature);
    if (auto === undefined) return refused('white-balance');
    if (kelvin === undefined) return set('white-balance', 'held', auto, 0);
    return {
      goal: 'white-balance',
      value: `${kelvin.value} K`,
      assignments: [assign(auto, 0), assign(kelvin, onStep(kelvin.value, kelvin))],
    };
  },
  // It stays where it is: what it found is not read back alike by all cameras.
  focus: (camera) => set('focus', 'held', camera.get(controlIds.autoFocus), 0),
};

/** Half of a lamp's flicker is the exposure's matter, the other the camera's own filter. */
function mainsFrequency(camera: Camera, mainsHz: MainsHz): Planned | Planned[] {
  const control = camera.get(controlIds.powerLineFrequency);
  const wanted = mainsHz === null ? /^auto/i : new RegExp(`^${mainsHz} ?Hz$`, 'i');
  const value = [...(control?.menu ?? [])].find(([, text]) => wanted.test(text))?.[0];
  // Many cameras know no automatic; what is set then is as good as anything.
  if (mainsHz === null && value === undefined) return [];
  return set('mains-frequency', mainsHz === null ? 'automatic' : `${mainsHz} Hz`, control, value);
}

function frameRate(camera: Camera): Planned {
  return set('frame-rate', 'steady', camera.get(controlIds.dynamicFrameRate), 0);
}

/**
 * As near to what was found as a time without flicker is. Where there is none, what was found: it
 * flickers as much as before, but no longer goes up and down with what is laid on the tray.
 */
function holdExposure(camera: Camera, { mainsHz, light }: Hold): Planned | Planned[] {
  const auto = camera.get(controlIds.autoExposure);
  const time = camera.get(controlIds.exposureTime);
  const manual = valueOf(auto, /^manual/i);
  if (auto === undefined || time === undefined || manual === undefined) {
    return refused('exposure');
  }
  const wanted = Math.max(1, time.value * light);
  const steady = mainsHz === null ? null : flickerFreeExposure(wanted, mainsHz, time);
  const exposure = steady ?? onStep(wanted, time);
  const held: Wish = {
    goal: 'exposure',
    value: exposureText(exposure),
    assignments: [assign(auto, manual), assign(time, exposure)],
  };
  return steady === null && mainsHz !== null
    ? [held, { goal: 'exposure', reason: 'too-bright' }]
    : held;
}

/** Of a webcam's menu: it sets the time by itself; few can also open and close an iris. */
function automaticExposure(auto: V4l2Control | undefined): number | undefined {
  return valueOf(auto, /^aperture priority/i) ?? valueOf(auto, /^auto/i);
}

function valueOf(control: V4l2Control | undefined, wanted: RegExp): number | undefined {
  return [...(control?.menu ?? [])].find(([, text]) => wanted.test(text))?.[0];
}

function set(
  goal: TuningGoal,
  value: string,
  control: V4l2Control | undefined,
  number: number | undefined,
): Planned {
  if (control === undefined || number === undefined) return refused(goal);
  return { goal, value, assignments: [assign(control, number)] };
}

function assign({ name }: V4l2Control, value: number): { name: string; value: number } {
  return { name, value };
}

function refused(goal: TuningGoal): GoalRefused {
  return { goal, reason: 'not-offered' };
}

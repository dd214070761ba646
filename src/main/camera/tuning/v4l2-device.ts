import type { GoalRefused, GoalSet, TuningStep } from '../../../shared/camera-tuning.ts';
import type { TunableDevice } from './tunable-device.ts';
import { V4l2CtlError } from './v4l2-ctl.ts';
import type { V4l2Ctl } from './v4l2-ctl.ts';
import { planStep } from './v4l2-plan.ts';

/** A camera on Linux, set by v4l2-ctl. */
export function openV4l2Device(ctl: V4l2Ctl): TunableDevice {
  async function take(step: TuningStep) {
    const plan = planStep(step, await ctl.list());
    const set: GoalSet[] = [];
    const refused: GoalRefused[] = [...plan.refused];
    for (const { goal, value, assignments } of plan.wishes) {
      try {
        for (const { name, value: number } of assignments) await ctl.set(name, number);
        set.push({ goal, value });
      } catch (error) {
        refused.push(refusalOf(goal, error));
      }
    }
    return { set, refused };
  }

  return {
    by: 'v4l2',
    take: (step) =>
      take(step).catch((error: unknown) => ({
        set: [],
        refused: step.goals.map((goal) => refusalOf(goal, error)),
      })),
    stop: ctl.stop,
  };
}

function refusalOf(goal: GoalRefused['goal'], error: unknown): GoalRefused {
  const reason = error instanceof V4l2CtlError ? error.reason : 'failed';
  const detail = error instanceof Error ? error.message : String(error);
  return reason === 'no-program' ? { goal, reason } : { goal, reason, detail };
}

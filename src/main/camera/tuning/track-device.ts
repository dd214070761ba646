import type { TuningOutcome, TuningRefusal, TuningStep } from '../../../shared/camera-tuning.ts';
import type { TunableDevice } from './tunable-device.ts';

/**
 * A camera asked through Chromium, which cannot be told the mains frequency: for that it goes by the
 * system's time zone, on Linux alone. `mains` says why nobody else tells it.
 */
export function trackDevice(
  tune: (step: TuningStep) => Promise<TuningOutcome>,
  mains: TuningRefusal,
): TunableDevice {
  return {
    by: 'media-track',
    take: async (step) => {
      const goals = step.goals.filter((goal) => goal !== 'mains-frequency');
      const untold = step.goals
        .filter((goal) => goal === 'mains-frequency')
        .map((goal) => ({ goal, reason: mains }));
      try {
        const { set, refused } = await tune({ ...step, goals });
        return { set, refused: [...untold, ...refused] };
      } catch (error) {
        const detail = error instanceof Error ? error.message : String(error);
        const failed = goals.map((goal) => ({ goal, reason: 'failed', detail }) as const);
        return { set: [], refused: [...untold, ...failed] };
      }
    },
    stop: () => undefined,
  };
}

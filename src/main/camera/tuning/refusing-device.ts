import type { TuningRefusal } from '../../../shared/camera-tuning.ts';
import type { TunableDevice } from './tunable-device.ts';

/** A camera that nobody can ask for anything, and why. */
export function refusingDevice(reason: TuningRefusal): TunableDevice {
  return {
    by: 'nobody',
    take: ({ goals }) =>
      Promise.resolve({ set: [], refused: goals.map((goal) => ({ goal, reason })) }),
    stop: () => undefined,
  };
}

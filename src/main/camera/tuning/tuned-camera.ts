import type { Log } from '../../../shared/log.ts';
import type { Camera, CameraStatus } from '../camera.ts';
import { refusalAdvice } from './refusal-advice.ts';
import type { TunableDevice } from './tunable-device.ts';
import { startTuner } from './tuner.ts';
import type { CameraTuning, Tuner, TuningWishes } from './tuner.ts';

export interface TunedCamera extends Camera {
  /** The light has changed so that the picture shows too little: the camera looks for its exposure anew. */
  retune(): void;
}

export interface TuningParts {
  readonly wishes: TuningWishes;
  /** Who can set the camera that calls itself so; null where there is nothing to set. */
  readonly deviceOf: (label: string) => Promise<TunableDevice | null>;
  readonly log: Log;
}

/** The same camera, tuned each time that it opens. */
export function tuneCamera(camera: Camera, { wishes, deviceOf, log }: TuningParts): TunedCamera {
  let tuner: Tuner | null = null;
  // A device that is found late must not tune a camera that has gone meanwhile.
  let turn = 0;

  function end(): void {
    turn += 1;
    tuner?.stop();
    tuner = null;
  }

  async function begin(label: string, tell: (status: CameraStatus) => void): Promise<void> {
    end();
    const mine = turn;
    const device = await deviceOf(label);
    if (device === null || mine !== turn) return;
    tuner = startTuner(device, wishes, (tuning) => {
      log.info('camera-tuned', { label, ...linesOf(tuning) });
      tell({ kind: 'ready', label, tuning });
    });
  }

  return {
    kind: camera.kind,
    start: (listener) =>
      camera.start({
        thumb: (thumb) => {
          tuner?.see(thumb);
          listener.thumb(thumb);
        },
        preview: (frame) => listener.preview(frame),
        status: (status) => {
          listener.status(status);
          if (status.kind !== 'ready') end();
          else {
            begin(status.label, (told) => listener.status(told)).catch((error: unknown) =>
              log.warn('camera-not-tuned', { label: status.label, error: String(error) }),
            );
          }
        },
      }),
    photo: (request) => camera.photo(request),
    stop: async () => {
      end();
      await camera.stop();
    },
    retune: () => tuner?.retune(),
  };
}

/** For the log: what was set, and by reason what was not, with its remedy. */
function linesOf({ by, set, refused }: CameraTuning): Record<string, unknown> {
  const reasons = [...new Set(refused.map(({ reason }) => reason))];
  return {
    by,
    set: Object.fromEntries(set.map(({ goal, value }) => [goal, value])),
    refused: reasons.map((reason) => {
      const alike = refused.filter((one) => one.reason === reason);
      const details = alike.flatMap(({ detail }) => (detail === undefined ? [] : [detail]));
      return {
        reason,
        goals: alike.map(({ goal }) => goal),
        ...(details.length > 0 && { details: [...new Set(details)] }),
        advice: refusalAdvice[reason],
      };
    }),
  };
}

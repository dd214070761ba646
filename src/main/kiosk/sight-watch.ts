import type { Notice } from '../../shared/snapshot.ts';
import { sightTroubles } from '../camera/sight-troubles.ts';
import type { SightTrouble } from '../camera/sight-troubles.ts';
import type { Clock } from '../checkout/clock.ts';
import type { Log } from '../../shared/log.ts';
import type { BlindReason, Impairment } from '../tray/tray-event.ts';

export interface SightWatchParts {
  readonly clock: Pick<Clock, 'monotonicMs' | 'schedule'>;
  /** Told of each change; null where the camera sees well, or is not there. */
  readonly show: (notice: Notice | null) => void;
  readonly log: Log;
}

/** What the tray says of the camera's sight, as one line for the shopper and a remedy for staff. */
export interface SightWatch {
  readonly blind: (reason: BlindReason | null) => void;
  /** None when all is well again. */
  readonly impaired: (reasons: readonly Impairment[]) => void;
  /** A camera that is away has no sight to speak of; the tray may say the same of it afterwards. */
  readonly lost: (lost: boolean) => void;
}

/** A line that goes sooner cannot be read. */
const shownAtLeastMs = 3_000;

const noneOf: readonly Impairment[] = [];

export function createSightWatch({ clock, show, log }: SightWatchParts): SightWatch {
  let blind: BlindReason | null = null;
  let impairments = noneOf;
  let isLost = false;
  let shown: SightTrouble | null = null;
  let shownSinceMs = 0;
  let cancelHiding: () => void = () => undefined;

  /** One trouble is enough to read: blindness first, then the order of the table. */
  const worst = (): SightTrouble | null => {
    if (isLost) return null;
    if (blind !== null) return blind;
    const inOrder = Object.keys(sightTroubles) as SightTrouble[];
    return inOrder.find((trouble) => impairments.some((each) => each === trouble)) ?? null;
  };

  const enter = (trouble: SightTrouble | null): void => {
    shown = trouble;
    shownSinceMs = clock.monotonicMs();
    show(trouble === null ? null : sightTroubles[trouble].notice);
  };

  const update = (): void => {
    const trouble = worst();
    cancelHiding();
    if (trouble === shown) return;
    const leftMs = shownSinceMs + shownAtLeastMs - clock.monotonicMs();
    // What has taken its place is as urgent, and that the camera is away has a line of its own.
    if (trouble !== null || isLost || leftMs <= 0) enter(trouble);
    else cancelHiding = clock.schedule(leftMs, () => enter(null));
  };

  return {
    blind: (reason) => {
      if (reason === blind) return;
      if (reason === null) log.info('camera-sees-again');
      else log.warn('camera-blind', { reason, advice: sightTroubles[reason].advice });
      blind = reason;
      update();
    },
    impaired: (reasons) => {
      for (const reason of reasons) {
        if (impairments.includes(reason)) continue;
        log.warn('camera-impaired', { reason, advice: sightTroubles[reason].advice });
      }
      if (reasons.length === 0 && impairments.length > 0) log.info('camera-unimpaired');
      impairments = reasons;
      update();
    },
    lost: (lost) => {
      if (lost === isLost) return;
      isLost = lost;
      update();
    },
  };
}

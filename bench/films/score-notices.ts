import type { TrayEvent } from '../../src/main/tray/tray.ts';
import type { DueNotice } from './film.ts';

/** A reason why the tray cannot see well, for as long as it was said. */
export interface Notice {
  readonly reason: string;
  readonly fromS: number;
  readonly untilS: number;
}

/** What the tray said of its own sight, in the order in which it began. */
export function noticesIn(events: readonly TrayEvent[]): readonly Notice[] {
  const ended: Notice[] = [];
  const impaired = new Map<string, number>();
  const blind = new Map<string, number>();
  const set = (going: Map<string, number>, reasons: readonly string[], atS: number): void => {
    for (const [reason, fromS] of going) {
      if (reasons.includes(reason)) continue;
      ended.push({ reason, fromS, untilS: atS });
      going.delete(reason);
    }
    for (const reason of reasons) if (!going.has(reason)) going.set(reason, atS);
  };
  for (const event of events) {
    const atS = event.atMs / 1000;
    if (event.kind === 'blind') set(blind, [event.reason], atS);
    else if (event.kind === 'seeing') set(blind, [], atS);
    else if (event.kind === 'impaired') set(impaired, event.reasons, atS);
  }
  set(blind, [], Infinity);
  set(impaired, [], Infinity);
  return ended.toSorted((one, other) => one.fromS - other.fromS);
}

/** In how many seconds it must be said. */
const inTimeS = 5;

/** Which due notices were not said in time, and which were said that are not due. */
export function judgeNotices(
  due: readonly DueNotice[],
  said: readonly Notice[],
): { readonly missed: readonly DueNotice[]; readonly notDue: readonly Notice[] } {
  return {
    missed: due.filter(
      ({ reason, fromS }) =>
        !said.some(
          (notice) =>
            notice.reason === reason && notice.fromS <= fromS + inTimeS && notice.untilS >= fromS,
        ),
    ),
    notDue: said.filter(({ reason }) => !due.some((one) => one.reason === reason)),
  };
}

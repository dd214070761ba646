import { describe, expect, it } from 'vitest';
import type { Notice } from '../../shared/snapshot.ts';
import { keptLog } from '../../shared/testing/kept-log.ts';
import { sightTroubles } from '../camera/sight-troubles.ts';
import { manualClock } from '../checkout/manual-clock.ts';
import { createSightWatch } from './sight-watch.ts';

function open() {
  const clock = manualClock();
  const shown: (Notice | null)[] = [];
  const { log, events } = keptLog();
  const watch = createSightWatch({ clock, show: (notice) => shown.push(notice), log });
  return { clock, watch, shown, events };
}

describe('what is said of the camera’s sight', () => {
  it.each(['dark', 'bright', 'covered', 'frozen', 'restless'] as const)(
    'blindness is told as it is, and staff read what to do: %s',
    (reason) => {
      const { watch, shown, events } = open();
      watch.blind(reason);
      expect(shown).toEqual([`camera-${reason}`]);
      const advice: unknown = expect.stringMatching(/^The |^Most |^So /);
      expect(events).toEqual([{ level: 'warn', event: 'camera-blind', reason, advice }]);
    },
  );

  it.each(['flicker', 'dim', 'slow'] as const)(
    'what makes it see less well is told as it is, and staff read what to do: %s',
    (reason) => {
      const { watch, shown, events } = open();
      watch.impaired([reason]);
      expect(shown).toEqual([`camera-${reason}`]);
      const { advice } = sightTroubles[reason];
      expect(events).toEqual([{ level: 'warn', event: 'camera-impaired', reason, advice }]);
    },
  );

  it('a line stays long enough to be read, and no longer', async () => {
    const { clock, watch, shown } = open();
    watch.blind('covered');
    await clock.pass(1_000);
    watch.blind(null);
    await clock.pass(1_900);
    expect(shown).toEqual(['camera-covered']);
    await clock.pass(100);
    expect(shown).toEqual(['camera-covered', null]);
  });

  it('a line that has been read goes at once', async () => {
    const { clock, watch, shown } = open();
    watch.impaired(['dim']);
    await clock.pass(60_000);
    watch.impaired([]);
    expect(shown).toEqual(['camera-dim', null]);
  });

  it('what comes again before its line has gone keeps it', async () => {
    const { clock, watch, shown } = open();
    watch.blind('covered');
    watch.blind(null);
    await clock.pass(2_000);
    watch.blind('covered');
    await clock.pass(60_000);
    expect(shown).toEqual(['camera-covered']);
  });

  it('another trouble takes its place at once', () => {
    const { watch, shown } = open();
    watch.blind('dark');
    watch.blind('frozen');
    expect(shown).toEqual(['camera-dark', 'camera-frozen']);
  });

  it('of several, one is told: blindness first, then the order of the table', () => {
    const { watch, shown, events } = open();
    watch.impaired(['slow']);
    watch.impaired(['slow', 'flicker']);
    watch.blind('dark');
    watch.blind(null);
    expect(shown).toEqual(['camera-slow', 'camera-flicker', 'camera-dark', 'camera-flicker']);
    // Staff are told of each of them once.
    expect(events.map(({ event, reason }) => [event, reason])).toEqual([
      ['camera-impaired', 'slow'],
      ['camera-impaired', 'flicker'],
      ['camera-blind', 'dark'],
      ['camera-sees-again', undefined],
    ]);
  });

  it('a camera that is away has its own line; what the tray said counts when it is back', () => {
    const { watch, shown } = open();
    watch.blind('dark');
    watch.lost(true);
    watch.lost(false);
    expect(shown).toEqual(['camera-dark', null, 'camera-dark']);
  });

  it('the end of it all is in the log', () => {
    const { watch, events } = open();
    watch.impaired(['dim']);
    watch.impaired([]);
    watch.impaired([]);
    expect(events.map(({ level, event }) => [level, event])).toEqual([
      ['warn', 'camera-impaired'],
      ['info', 'camera-unimpaired'],
    ]);
  });
});

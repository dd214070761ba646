import { beforeEach, describe, expect, it } from 'vitest';
import { tuningGoals } from '../../shared/camera-tuning.ts';
import type { TuningStep } from '../../shared/camera-tuning.ts';
import { createTrackTuning } from './tune-track.ts';
import type { TrackTuning, TunableTrack } from './tune-track.ts';

type Values = Record<string, unknown>;

/** A track as Chromium has it: what is advanced is taken where it can be, and else passed over. */
class FakeTrack {
  readonly capabilities: Values = {
    frameRate: { min: 1, max: 30 },
    exposureMode: ['manual', 'continuous'],
    exposureTime: { min: 3, max: 2047, step: 1 },
    whiteBalanceMode: ['manual', 'continuous'],
    colorTemperature: { min: 2800, max: 6500, step: 10 },
    focusMode: ['manual', 'continuous'],
    focusDistance: { min: 0, max: 250, step: 5 },
  };
  readonly settings: Values = {
    width: 640,
    height: 480,
    frameRate: 30,
    exposureTime: 156,
    colorTemperature: 4120,
    focusDistance: 60,
  };
  readonly applied: unknown[] = [];
  passesOver: string | null = null;

  getCapabilities(): Values {
    return this.capabilities;
  }

  getSettings(): Values {
    return { ...this.settings };
  }

  async applyConstraints(constraints: Values): Promise<void> {
    this.applied.push(constraints);
    const advanced = constraints['advanced'];
    if (!Array.isArray(advanced)) return;
    for (const values of advanced as Values[]) {
      if (this.passesOver === null || !(this.passesOver in values)) {
        Object.assign(this.settings, values);
      }
    }
  }
}

let track: FakeTrack;
let tuning: TrackTuning;

beforeEach(() => {
  track = new FakeTrack();
  tuning = createTrackTuning(track as TunableTrack);
});

const release: TuningStep = { kind: 'release', goals: tuningGoals, mainsHz: 50 };
const hold = (light = 1): TuningStep => ({
  kind: 'hold',
  goals: ['exposure', 'white-balance', 'focus'],
  mainsHz: 60,
  light,
});

describe('what a track is asked for', () => {
  it('to do all by itself, at a steady rate; the mains’ filter is not its matter', async () => {
    const { set, refused } = await tuning.take(release);
    expect(Object.fromEntries(set.map(({ goal, value }) => [goal, value]))).toEqual({
      'frame-rate': '30 pictures a second',
      exposure: 'automatic',
      'white-balance': 'automatic',
      focus: 'automatic',
    });
    expect(refused).toEqual([{ goal: 'mains-frequency', reason: 'not-offered' }]);
    expect(track.applied[0]).toEqual({
      width: 640,
      height: 480,
      frameRate: { min: 15, ideal: 30 },
    });
    expect(track.settings).toMatchObject({
      exposureMode: 'continuous',
      whiteBalanceMode: 'continuous',
      focusMode: 'continuous',
    });
  });

  it('to hold what it found, in whole flickers of the lamps', async () => {
    await tuning.take(release);
    expect(await tuning.take(hold())).toEqual({
      set: [
        { goal: 'exposure', value: '16.7 ms' },
        { goal: 'white-balance', value: '4120 K' },
        { goal: 'focus', value: 'held' },
      ],
      refused: [],
    });
    // Whatever is asked replaces what was asked before: all of it is asked again.
    expect(track.applied.at(-1)).toEqual({
      advanced: [
        { exposureMode: 'manual', exposureTime: 167 },
        { whiteBalanceMode: 'manual', colorTemperature: 4120 },
        { focusMode: 'manual', focusDistance: 60 },
      ],
    });
  });

  it('for more or less light than it has now', async () => {
    await tuning.take(hold(2));
    expect(track.settings['exposureTime']).toBe(333);
    await tuning.take({ kind: 'hold', goals: ['exposure'], mainsHz: 60, light: 0.25 });
    expect(track.settings['exposureTime']).toBe(83);
  });

  it('where it is too bright, for what it found, and says so', async () => {
    track.settings['exposureTime'] = 12;
    const { set, refused } = await tuning.take(hold());
    expect(set[0]).toEqual({ goal: 'exposure', value: '1.2 ms' });
    expect(refused).toEqual([{ goal: 'exposure', reason: 'too-bright' }]);
  });

  it('for nothing that it does not offer', async () => {
    for (const key of Object.keys(track.capabilities))
      Reflect.deleteProperty(track.capabilities, key);
    const { set, refused } = await tuning.take(release);
    expect(set).toEqual([]);
    expect(new Set(refused.map(({ reason }) => reason))).toEqual(new Set(['not-offered']));
    expect((await tuning.take(hold())).refused).toHaveLength(3);
    expect(track.applied).toEqual([]);
  });
});

describe('what a track does with it', () => {
  it('may pass it over in silence, and then it is refused', async () => {
    track.passesOver = 'whiteBalanceMode';
    track.settings['whiteBalanceMode'] = 'continuous';
    const { set, refused } = await tuning.take(hold());
    expect(set.map(({ goal }) => goal)).toEqual(['exposure', 'focus']);
    expect(refused).toEqual([{ goal: 'white-balance', reason: 'refused' }]);
  });

  it('may reject it, and the rest goes on', async () => {
    const apply = track.applyConstraints.bind(track);
    track.applyConstraints = async (constraints) => {
      if ('frameRate' in constraints) throw new DOMException('too fast', 'OverconstrainedError');
      await apply(constraints);
    };
    const { set, refused } = await tuning.take(release);
    expect(set).toHaveLength(3);
    expect(refused[1]).toMatchObject({
      goal: 'frame-rate',
      reason: 'refused',
      detail: 'OverconstrainedError: too fast',
    });
  });
});

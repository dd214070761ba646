import { describe, expect, it } from 'vitest';
import { tuningGoals } from '../../../shared/camera-tuning.ts';
import type { MainsHz, TuningStep } from '../../../shared/camera-tuning.ts';
import {
  commonWebcam,
  simulateV4l2Ctl,
  webcamOnOlderKernel,
} from '../../../simulators/v4l2-ctl.ts';
import type { SimulatedCamera } from '../../../simulators/v4l2-ctl.ts';
import { parseControls } from './v4l2-controls.ts';
import { planStep } from './v4l2-plan.ts';

const release = (mainsHz: MainsHz): TuningStep => ({
  kind: 'release',
  goals: tuningGoals,
  mainsHz,
});
const hold = (mainsHz: MainsHz, light = 1): TuningStep => ({
  kind: 'hold',
  goals: ['exposure', 'white-balance', 'focus'],
  mainsHz,
  light,
});

/** What is set, in its order, and what is refused. */
function planned(camera: SimulatedCamera, step: TuningStep) {
  const { stdout } = simulateV4l2Ctl(camera, ['--device=/dev/video0', '--list-ctrls-menus']);
  const controls = parseControls(stdout);
  const { wishes, refused } = planStep(step, controls);
  return {
    set: wishes.flatMap(({ assignments }) =>
      assignments.map(({ name, value }) => `${name}=${value}`),
    ),
    values: wishes.map(({ value }) => value),
    refused,
  };
}

const without = (...names: readonly string[]): SimulatedCamera => ({
  controls: commonWebcam.controls.filter(({ name }) => !names.includes(name)),
});
const withValue = (name: string, value: number): SimulatedCamera => ({
  controls: commonWebcam.controls.map((one) => (one.name === name ? { ...one, value } : one)),
});

describe('what a camera is asked to do by itself', () => {
  it('the mains’ filter, a steady rate, and all automatics', () => {
    expect(planned(commonWebcam, release(50))).toEqual({
      set: [
        'power_line_frequency=1',
        'exposure_dynamic_framerate=0',
        'auto_exposure=3',
        'white_balance_automatic=1',
        'focus_automatic_continuous=1',
      ],
      values: ['50 Hz', 'steady', 'automatic', 'automatic', 'automatic'],
      refused: [],
    });
    expect(planned(commonWebcam, release(60)).set[0]).toBe('power_line_frequency=2');
  });

  it('by the names that an older kernel has', () => {
    expect(planned(webcamOnOlderKernel, release(50)).set).toEqual([
      'power_line_frequency=1',
      'exposure_auto_priority=0',
      'exposure_auto=3',
      'white_balance_temperature_auto=1',
      'focus_auto=1',
    ]);
  });

  it('where the mains is not known, its filter is left to the camera', () => {
    expect(planned(commonWebcam, release(null)).set[0]).toBe('exposure_dynamic_framerate=0');
    const knowing: SimulatedCamera = {
      controls: commonWebcam.controls.map((one) =>
        one.name === 'power_line_frequency'
          ? { ...one, max: 3, menu: { ...one.menu, 3: 'Auto' } }
          : one,
      ),
    };
    expect(planned(knowing, release(null)).set[0]).toBe('power_line_frequency=3');
  });

  it('what it does not have is named', () => {
    const poor = without('power_line_frequency', 'focus_automatic_continuous');
    expect(planned(poor, release(50)).refused).toEqual([
      { goal: 'mains-frequency', reason: 'not-offered' },
      { goal: 'focus', reason: 'not-offered' },
    ]);
    expect(planned({ controls: [] }, release(50)).refused).toHaveLength(5);
  });
});

describe('what a camera is asked to hold', () => {
  it('an automatic is switched off before what it rules is set', () => {
    expect(planned(commonWebcam, hold(50))).toEqual({
      set: [
        'auto_exposure=1',
        'exposure_time_absolute=200',
        'white_balance_automatic=0',
        'white_balance_temperature=4120',
        'focus_automatic_continuous=0',
      ],
      values: ['20 ms', '4120 K', 'held'],
      refused: [],
    });
  });

  it('the exposure is a whole number of the lamps’ flickers', () => {
    expect(planned(commonWebcam, hold(60)).set[1]).toBe('exposure_time_absolute=250');
    expect(planned(commonWebcam, hold(50, 1.4)).set[1]).toBe('exposure_time_absolute=300');
    expect(planned(commonWebcam, hold(50, 0.5)).set[1]).toBe('exposure_time_absolute=100');
  });

  it('where the mains is not known, it is what the camera found', () => {
    expect(planned(commonWebcam, hold(null)).set[1]).toBe('exposure_time_absolute=230');
  });

  it('where it is too bright for that too, and it is said that lamps may flicker', () => {
    const bright = planned(withValue('exposure_time_absolute', 20), hold(50));
    expect(bright.set.slice(0, 2)).toEqual(['auto_exposure=1', 'exposure_time_absolute=20']);
    expect(bright.refused).toEqual([{ goal: 'exposure', reason: 'too-bright' }]);
  });

  it('a camera without a temperature keeps the white balance that it has', () => {
    const { set, values } = planned(without('white_balance_temperature'), hold(50));
    expect(set).toContain('white_balance_automatic=0');
    expect(values).toEqual(['20 ms', 'held', 'held']);
  });

  it.each([['auto_exposure'], ['exposure_time_absolute']])(
    'without %s it has no exposure',
    (name) => {
      const { set, refused } = planned(without(name), hold(50));
      expect(set).not.toContain('auto_exposure=1');
      expect(refused).toEqual([{ goal: 'exposure', reason: 'not-offered' }]);
    },
  );

  it('nothing that only can be read is set', () => {
    const controls = [{ id: 0x009a090c, name: 'focus', value: 1, min: 0, max: 1, step: 1 }].map(
      (one) => ({ ...one, menu: new Map<number, string>(), flags: new Set(['read-only']) }),
    );
    const { wishes } = planStep(hold(50), controls);
    expect(wishes).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { commonWebcam, simulateV4l2Ctl } from '../../../simulators/v4l2-ctl.ts';
import { controlIds, parseControls } from './v4l2-controls.ts';

/** As v4l-utils 1.22 writes it of a webcam; older versions leave out a menu's text after the value. */
const listing = `
User Controls

                     brightness 0x00980900 (int)    : min=-64 max=64 step=1 default=0 value=-3
        white_balance_automatic 0x0098090c (bool)   : default=1 value=1
           power_line_frequency 0x00980918 (menu)   : min=0 max=2 default=1 value=1 (50 Hz)
\t\t\t\t0: Disabled
\t\t\t\t1: 50 Hz
\t\t\t\t2: 60 Hz
      white_balance_temperature 0x0098091a (int)    : min=2800 max=7500 step=1 default=5000 value=3997 flags=inactive, has-min-max

Camera Controls

                  auto_exposure 0x009a0901 (menu)   : min=0 max=3 default=3 value=3
\t\t\t\t1: Manual Mode
\t\t\t\t3: Aperture Priority Mode
error 5 getting ext_ctrl Focus, Absolute
                    focus_steps 0x009a0999 (intmenu): min=0 max=1 default=0 value=0 (12 0xc)
\t\t\t\t0: 12 (0xc)
\t\t\t\t1: 24 (0x18)
   region_of_interest_rectangle 0x009a1901 (unknown): type=107 value=unsupported payload type flags=has-payload
region_of_interest_auto_control 0x009a1902 (bitmask): max=0x00000001 default=0x00000001 value=1
                   zoom_relative 0x009a090e (int)    : min=0 max=0 step=0 default=0 flags=write-only
                        privacy 0x009a0910 (bool)   : default=0 value=0 flags=read-only

LED Controls, by the maker (1)

                      led1_mode 0x0a046d05 (menu)   : min=0 max=3 default=3 value=3 (Auto)
\t\t\t\t3: Auto
`;

describe('parseControls', () => {
  it('reads what can be set of a camera, and passes over the rest', () => {
    const controls = parseControls(listing);
    expect(controls.map(({ name }) => name)).toEqual([
      'brightness',
      'white_balance_automatic',
      'power_line_frequency',
      'white_balance_temperature',
      'auto_exposure',
      'privacy',
      'led1_mode',
    ]);
    const byId = (id: number) => controls.find((control) => control.id === id);
    expect(controls[0]).toMatchObject({ min: -64, max: 64, step: 1, value: -3 });
    expect(byId(controlIds.powerLineFrequency)?.menu).toEqual(
      new Map([
        [0, 'Disabled'],
        [1, '50 Hz'],
        [2, '60 Hz'],
      ]),
    );
    expect(byId(controlIds.whiteBalanceTemperature)?.flags).toEqual(
      new Set(['inactive', 'has-min-max']),
    );
    expect(byId(controlIds.autoExposure)).toMatchObject({ value: 3 });
  });

  it('reads all that the simulated camera has', () => {
    const { stdout } = simulateV4l2Ctl(commonWebcam, [
      '--device=/dev/video0',
      '--list-ctrls-menus',
    ]);
    const ids = new Set(parseControls(stdout).map(({ id }) => id));
    for (const id of Object.values(controlIds)) expect(ids).toContain(id);
  });

  it('a device without controls has none', () => {
    expect(parseControls('')).toEqual([]);
  });

  it.each([
    ['<html><body>', 'no control: "<html><body>"'],
    ['brightness: 3', 'no control'],
    ['  brightness 0x980900 (int) : value=1', 'no control'],
    ['  brightness 0x00980900 (int)    : min=0 max=9 step=1 default=0', 'without its value'],
    ['  brightness 0x00980900 (int)    : min=0 max=9 value=many', 'without its value'],
    ['\t\t\t\t1: 50 Hz', 'no control'],
  ])('%j is refused', (line, message) => {
    expect(() => parseControls(`\nUser Controls\n\n${line}\n`)).toThrow(message);
  });
});

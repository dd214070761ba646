import { beforeEach, describe, expect, it } from 'vitest';
import { commonWebcam, simulateV4l2Ctl } from '../../../simulators/v4l2-ctl.ts';
import type { SimulatedCamera } from '../../../simulators/v4l2-ctl.ts';
import { parseControls } from './v4l2-controls.ts';
import { V4l2CtlError } from './v4l2-ctl.ts';
import { openV4l2Device } from './v4l2-device.ts';
import { startTuner } from './tuner.ts';
import type { CameraTuning, Tuner, TuningWishes } from './tuner.ts';

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

/** A simulated webcam that looks at a grey card under a lamp, by V4L2's own controls. */
interface Webcam {
  camera: SimulatedCamera;
  /** An exposure of 100 µs gives so much of full white. */
  lamp: number;
  /** What its automatic finds; 128 is a common one. */
  readonly autoGrey: number;
  /** What it says of its exposure while it is automatic: the truth, or what it was told last. */
  readonly says: 'truth' | 'stale';
  /** Colours lean so far while white balance is held. */
  readonly heldTint: number;
}

const automatic = 3;

function valueOf({ camera }: Webcam, name: string): number {
  return camera.controls.find((one) => one.name === name)?.value ?? 0;
}

/** The exposure that its automatic takes, in steps of 100 µs and within what it can. */
function exposureFound({ lamp, autoGrey }: Webcam): number {
  return Math.min(2047, Math.max(3, Math.round((autoGrey / 255) ** 2.2 / lamp)));
}

function thumbOf(webcam: Webcam, atMs: number) {
  const isAutomatic = valueOf(webcam, 'auto_exposure') === automatic;
  const exposure = isAutomatic ? exposureFound(webcam) : valueOf(webcam, 'exposure_time_absolute');
  const grey = Math.min(255, 255 * Math.min(1, webcam.lamp * exposure) ** (1 / 2.2));
  const tint = valueOf(webcam, 'white_balance_automatic') === 1 ? 0 : webcam.heldTint;
  const plane = (value: number) => new Uint8Array(16).fill(value);
  return {
    width: 4,
    height: 4,
    grey: plane(grey),
    chroma: { cb: plane(128 - tint), cr: plane(128 + tint) },
    atMs,
  };
}

let webcam: Webcam;
let orders: string[];
let tunings: CameraTuning[];
let tuner: Tuner;
let nowMs: number;

beforeEach(() => {
  orders = [];
  tunings = [];
  nowMs = 1_000;
  webcam = { camera: commonWebcam, lamp: 0.001, autoGrey: 128, says: 'truth', heldTint: 0 };
});

function start(wishes: Partial<TuningWishes> = {}): void {
  const run = (order: string): string => {
    const { camera, stdout, stderr, exitCode } = simulateV4l2Ctl(webcam.camera, [
      '--device=/dev/video0',
      order,
    ]);
    webcam.camera = camera;
    if (exitCode !== 0) throw new V4l2CtlError('refused', stderr.trim());
    return stdout;
  };
  const device = openV4l2Device({
    list: async () => {
      if (webcam.says === 'truth' && valueOf(webcam, 'auto_exposure') === automatic) {
        setControl('exposure_time_absolute', exposureFound(webcam));
      }
      return parseControls(run('--list-ctrls-menus'));
    },
    set: async (name, value) => {
      orders.push(`${name}=${value}`);
      run(`--set-ctrl=${name}=${value}`);
    },
    stop: () => orders.push('stop'),
  });
  tuner = startTuner(device, { mainsHz: 50, fixedExposure: true, ...wishes }, (tuning) =>
    tunings.push(tuning),
  );
}

function setControl(name: string, value: number): void {
  webcam.camera = {
    ...webcam.camera,
    controls: webcam.camera.controls.map((one) => (one.name === name ? { ...one, value } : one)),
  };
}

/** Shows pictures for so long, 20 a second. */
async function show(forMs: number): Promise<void> {
  for (const endMs = nowMs + forMs; nowMs < endMs; nowMs += 50) {
    tuner.see(thumbOf(webcam, nowMs));
    await settle();
  }
}

const valuesOf = (tuning: CameraTuning | undefined) =>
  Object.fromEntries((tuning?.set ?? []).map(({ goal, value }) => [goal, value]));

describe('a camera whose light is found', () => {
  it('holds what it found, without the lamps’ flicker', async () => {
    start();
    await show(1_500);
    expect(valueOf(webcam, 'auto_exposure')).toBe(automatic);
    expect(tunings).toEqual([]);
    await show(3_000);
    expect(tunings).toHaveLength(1);
    expect(tunings[0]).toMatchObject({ by: 'v4l2', refused: [] });
    expect(valuesOf(tunings[0])).toEqual({
      'mains-frequency': '50 Hz',
      'frame-rate': 'steady',
      exposure: '20 ms',
      'white-balance': '4120 K',
      focus: 'held',
    });
    expect(valueOf(webcam, 'exposure_time_absolute')).toBe(200);
    orders = [];
    await show(60_000);
    expect(orders).toEqual([]);
  });

  it('is waited for while its exposure still goes up and down', async () => {
    start();
    for (let step = 0; step < 20; step += 1) {
      webcam.lamp = step % 2 === 0 ? 0.001 : 0.0015;
      setControl('auto_exposure', automatic);
      Object.assign(webcam, { autoGrey: 100 + (step % 2) * 40 });
      await show(200);
    }
    expect(valueOf(webcam, 'auto_exposure')).toBe(automatic);
    await show(1_000);
    expect(valueOf(webcam, 'auto_exposure')).toBe(1);
  });

  it('is not waited for without end', async () => {
    start();
    for (let step = 0; step < 60; step += 1) {
      Object.assign(webcam, { autoGrey: 100 + (step % 2) * 40 });
      await show(200);
    }
    expect(valueOf(webcam, 'auto_exposure')).toBe(1);
  });

  it('only has its mains frequency and rate set where its exposure shall not be fixed', async () => {
    start({ fixedExposure: false });
    await show(20_000);
    expect(valuesOf(tunings[0])).toMatchObject({
      'mains-frequency': '50 Hz',
      exposure: 'automatic',
    });
    tuner.retune();
    webcam.lamp = 1e-9;
    orders = [];
    await show(120_000);
    expect(orders).toEqual([]);
  });
});

describe('a camera that says something else than it does', () => {
  it('is brought to the light that it had', async () => {
    // It says 23 ms while it exposes for 5.5 ms.
    webcam = { ...webcam, says: 'stale', lamp: 0.004 };
    start();
    await show(8_000);
    expect(tunings).toHaveLength(1);
    expect(valuesOf(tunings[0])).toMatchObject({ exposure: '5.5 ms' });
    expect(tunings[0]?.refused).toMatchObject([{ goal: 'exposure', reason: 'too-bright' }]);
    const { grey } = thumbOf(webcam, 0);
    expect(Math.abs((grey[0] ?? 0) - 128)).toBeLessThan(10);
  });

  it('is left to itself where it does not obey', async () => {
    webcam = {
      ...webcam,
      says: 'stale',
      lamp: 0.004,
      camera: { ...commonWebcam, faults: { set: { exposure_time_absolute: 'ignored' } } },
    };
    start();
    await show(20_000);
    expect(valueOf(webcam, 'auto_exposure')).toBe(automatic);
    expect(valuesOf(tunings[0])).toMatchObject({ exposure: 'automatic' });
    expect(tunings[0]?.refused).toEqual([{ goal: 'exposure', reason: 'picture-changed' }]);
    // A shopper may have changed the picture: it is tried again, and not for ever.
    await show(400_000);
    expect(tunings).toHaveLength(4);
  });

  it('keeps its automatic white balance where holding it gives other colours', async () => {
    webcam = { ...webcam, heldTint: 30 };
    start();
    await show(8_000);
    expect(valueOf(webcam, 'white_balance_automatic')).toBe(1);
    expect(valueOf(webcam, 'auto_exposure')).toBe(1);
    expect(tunings[0]?.refused).toEqual([{ goal: 'white-balance', reason: 'picture-changed' }]);
  });

  it('is released again where only a half of it could be held', async () => {
    webcam.camera = { ...commonWebcam, faults: { set: { exposure_time_absolute: 'refused' } } };
    start();
    await show(8_000);
    expect(valueOf(webcam, 'auto_exposure')).toBe(automatic);
    expect(tunings[0]?.refused).toMatchObject([{ goal: 'exposure', reason: 'refused' }]);
  });
});

describe('when the room’s light changes', () => {
  it('a camera that holds no exposure follows it by itself', async () => {
    webcam.camera = {
      controls: commonWebcam.controls.filter(({ name }) => name !== 'exposure_time_absolute'),
    };
    start();
    await show(10_000);
    expect(tunings[0]?.refused).toEqual([{ goal: 'exposure', reason: 'not-offered' }]);
    orders = [];
    webcam.lamp = 1e-9;
    tuner.retune();
    await show(120_000);
    expect(orders).toEqual([]);
  });

  const exposures = () => orders.filter((order) => order.startsWith('exposure_time_absolute'));

  it('a picture that is dark for 10 s has its exposure found anew', async () => {
    start();
    await show(60_000);
    orders = [];
    webcam.lamp = 0.00001;
    await show(9_000);
    expect(orders).toEqual([]);
    await show(8_000);
    expect(exposures()).toEqual([
      `exposure_time_absolute=${valueOf(webcam, 'exposure_time_absolute')}`,
    ]);
    expect(valueOf(webcam, 'exposure_time_absolute')).toBeGreaterThan(300);
    expect(tunings).toHaveLength(2);
  });

  it('a picture that is white for 10 s too, and a shorter time is nothing', async () => {
    start();
    await show(60_000);
    orders = [];
    const lamp = webcam.lamp;
    webcam.lamp = 0.1;
    await show(8_000);
    webcam.lamp = lamp;
    await show(20_000);
    expect(orders).toEqual([]);
    webcam.lamp = 0.01;
    await show(18_000);
    expect(exposures()).toHaveLength(1);
    expect(valueOf(webcam, 'exposure_time_absolute')).toBeLessThan(30);
  });

  it('whoever sees that it has changed may ask for it sooner', async () => {
    start();
    await show(60_000);
    orders = [];
    tuner.retune();
    await show(600);
    expect(orders).toContain('auto_exposure=3');
    await show(5_000);
    expect(tunings).toHaveLength(2);
    expect(valueOf(webcam, 'auto_exposure')).toBe(1);
  });

  it('in a shop at night it is tried less and less often', async () => {
    start();
    await show(60_000);
    webcam.lamp = 1e-9;
    await show(3_600_000);
    expect(tunings.length).toBeGreaterThan(2);
    expect(tunings.length).toBeLessThan(14);
    // In the morning it is there at once, or nearly so.
    webcam.lamp = 0.001;
    await show(700_000);
    expect(Math.abs((thumbOf(webcam, 0).grey[0] ?? 0) - 128)).toBeLessThan(20);
  });
});

it('stopped while the camera answers, nothing follows', async () => {
  start();
  tuner.stop();
  await settle();
  orders = [];
  await show(20_000);
  expect(orders).toEqual([]);
  expect(tunings).toEqual([]);
});

it('stopped, nothing is set any more, in the middle of it or later', async () => {
  start();
  await show(2_500);
  tuner.stop();
  expect(orders.at(-1)).toBe('stop');
  orders = [];
  tuner.retune();
  await show(120_000);
  expect(orders).toEqual([]);
  expect(tunings).toEqual([]);
});

import { beforeEach, expect, it } from 'vitest';
import type { TuningStep } from '../../../shared/camera-tuning.ts';
import { keptLog } from '../../../shared/testing/kept-log.ts';
import type { Camera, CameraListener, CameraStatus } from '../camera.ts';
import type { TunableDevice } from './tunable-device.ts';
import { tuneCamera } from './tuned-camera.ts';
import type { TunedCamera } from './tuned-camera.ts';

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Takes whatever it is asked for, but has no mains filter. */
class FakeDevice implements TunableDevice {
  readonly by = 'v4l2';
  readonly steps: TuningStep['kind'][] = [];
  isStopped = false;

  async take(step: TuningStep) {
    this.steps.push(step.kind);
    const goals = step.goals.filter((goal) => goal !== 'mains-frequency');
    const refused = step.goals.filter((goal) => goal === 'mains-frequency');
    return {
      set: goals.map((goal) => ({ goal, value: step.kind === 'hold' ? 'held' : 'automatic' })),
      refused: refused.map((goal) => ({ goal, reason: 'not-offered' as const })),
    };
  }

  stop(): void {
    this.isStopped = true;
  }
}

let devices: FakeDevice[];
let found: (device: TunableDevice | null) => void;
let driver: CameraListener;
let statuses: CameraStatus[];
let kept: ReturnType<typeof keptLog>;
let camera: TunedCamera;

beforeEach(() => {
  devices = [];
  statuses = [];
  kept = keptLog();
  const fake: Camera = {
    kind: 'live',
    start: (listener) => {
      driver = listener;
    },
    photo: () => Promise.reject(new Error('not asked')),
    stop: () => Promise.resolve(),
  };
  camera = tuneCamera(fake, {
    wishes: { mainsHz: 50, fixedExposure: true },
    deviceOf: () =>
      new Promise((resolve) => {
        found = resolve;
      }),
    log: kept.log,
  });
  camera.start({
    thumb: () => undefined,
    preview: () => undefined,
    status: (status) => statuses.push(status),
  });
});

async function open(label = 'Webcam'): Promise<FakeDevice> {
  const device = new FakeDevice();
  devices.push(device);
  driver.status({ kind: 'ready', label });
  found(device);
  await settle();
  return device;
}

async function show(fromMs: number, forMs: number): Promise<void> {
  for (let atMs = fromMs; atMs < fromMs + forMs; atMs += 100) {
    driver.thumb({ width: 1, height: 1, grey: Uint8Array.of(100), atMs });
    await settle();
  }
}

it('is tuned when it opens, and that is told and logged', async () => {
  const device = await open();
  await show(0, 6_000);
  expect(device.steps).toEqual(['release', 'hold']);
  const { tuning } = statuses.at(-1) as Extract<CameraStatus, { kind: 'ready' }>;
  expect(statuses.map(({ kind }) => kind)).toEqual(['ready', 'ready']);
  expect(tuning).toMatchObject({
    by: 'v4l2',
    refused: [{ goal: 'mains-frequency', reason: 'not-offered' }],
  });
  expect(kept.events).toEqual([
    {
      level: 'info',
      event: 'camera-tuned',
      label: 'Webcam',
      by: 'v4l2',
      set: {
        'frame-rate': 'automatic',
        exposure: 'held',
        'white-balance': 'held',
        focus: 'held',
      },
      refused: [
        {
          reason: 'not-offered',
          goals: ['mains-frequency'],
          advice: expect.stringContaining('no such control') as string,
        },
      ],
    },
  ]);
});

it('is tuned anew when it comes back, and not while it is away', async () => {
  const first = await open();
  await show(0, 1_000);
  driver.status({ kind: 'lost', fault: 'no-camera', advice: 'plug it in' });
  expect(first.isStopped).toBe(true);
  await show(1_000, 6_000);
  expect(first.steps).toEqual(['release']);
  const second = await open();
  await show(7_000, 6_000);
  expect(second.steps).toEqual(['release', 'hold']);
});

it('a device that is found when the camera has gone is left alone', async () => {
  driver.status({ kind: 'ready', label: 'Webcam' });
  driver.status({ kind: 'lost', fault: 'no-camera', advice: 'plug it in' });
  const late = new FakeDevice();
  found(late);
  await settle();
  expect(late.steps).toEqual([]);
});

it('where there is nothing to set, nothing is said', async () => {
  driver.status({ kind: 'ready', label: 'Picture' });
  found(null);
  await show(0, 6_000);
  camera.retune();
  expect(statuses).toEqual([{ kind: 'ready', label: 'Picture' }]);
  expect(kept.events).toEqual([]);
});

it('can be asked to look for its exposure anew, and ends with the camera', async () => {
  const device = await open();
  await show(0, 60_000);
  camera.retune();
  await show(60_000, 6_000);
  expect(device.steps).toEqual(['release', 'hold', 'release', 'hold']);
  await camera.stop();
  expect(device.isStopped).toBe(true);
});

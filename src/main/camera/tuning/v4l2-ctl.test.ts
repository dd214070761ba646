import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from 'vitest';
import { commonWebcam } from '../../../simulators/v4l2-ctl.ts';
import type { SimulatedCamera } from '../../../simulators/v4l2-ctl.ts';
import { bundleForTests } from '../../testing/bundle-for-tests.ts';
import type { TestBundle } from '../../testing/bundle-for-tests.ts';
import { findV4l2Ctl, openV4l2Ctl } from './v4l2-ctl.ts';
import { openV4l2Device } from './v4l2-device.ts';

let bundle: TestBundle;
let folder: string;
let program: string;
let file: string;

beforeAll(async () => {
  bundle = await bundleForTests({
    'v4l2-ctl-program': 'src/simulators/v4l2-ctl-program.ts',
  });
  folder = await mkdtemp(join(tmpdir(), 'freshlane-v4l2-'));
  program = join(folder, 'v4l2-ctl');
  const module = JSON.stringify(join(bundle.folder, 'v4l2-ctl-program.mjs'));
  await writeFile(program, `#!${process.execPath}\nimport(${module});\n`);
  await chmod(program, 0o755);
  file = join(folder, 'camera.json');
});
afterAll(async () => {
  await bundle.remove();
  await rm(folder, { recursive: true });
});
beforeEach(() => plugIn(commonWebcam));

const plugIn = (camera: SimulatedCamera): Promise<void> => writeFile(file, JSON.stringify(camera));

async function valuesOf(...names: readonly string[]): Promise<readonly (number | undefined)[]> {
  const { controls } = JSON.parse(await readFile(file, 'utf8')) as SimulatedCamera;
  return names.map((name) => controls.find((one) => one.name === name)?.value);
}

const open = (deadlineMs = 10_000) =>
  openV4l2Ctl(program, '/dev/video0', {
    deadlineMs,
    environment: { ...process.env, V4L2_SIMULATOR_FILE: file },
  });

describe.skipIf(process.platform === 'win32')('the program v4l2-ctl', () => {
  it('lists what the camera has, and sets it', async () => {
    const ctl = open();
    const controls = await ctl.list();
    expect(controls.find(({ name }) => name === 'auto_exposure')).toMatchObject({
      id: 0x009a0901,
      value: 3,
    });
    await ctl.set('power_line_frequency', 1);
    expect(await valuesOf('power_line_frequency')).toEqual([1]);
  });

  it.each([
    ['auto_exposure', 2, 'refused', 'auto_exposure: Invalid argument'],
    ['exposure_time_absolute', 200, 'refused', 'exposure_time_absolute: Permission denied'],
    ['brightness', 999, 'refused', 'Numerical result out of range'],
    ['zoom_absolute', 1, 'failed', "unknown control 'zoom_absolute'"],
  ] as const)('%s=%s is %s in its words', async (name, value, reason, message) => {
    const refused = expect(open().set(name, value)).rejects;
    await refused.toMatchObject({
      name: 'V4l2CtlError',
      reason,
      message: expect.stringContaining(message) as string,
    });
  });

  it.each([
    ['no-device', 'Cannot open device /dev/video0, exiting.'],
    ['fails', 'Unable to detect what device this is, exiting.'],
    ['garbage', 'a line that is no control: "<html>'],
  ] as const)('a device that %s is failed, with its words', async (list, message) => {
    await plugIn({ ...commonWebcam, faults: { list } });
    await expect(open().list()).rejects.toMatchObject({
      reason: 'failed',
      message: expect.stringContaining(message) as string,
    });
  });

  it('a program that hangs is ended at its deadline', async () => {
    await plugIn({ ...commonWebcam, faults: { list: 'hangs' } });
    await expect(open(300).list()).rejects.toMatchObject({
      reason: 'failed',
      message: 'v4l2-ctl did not answer within 300 ms.',
    });
  });

  it('stopping ends it at once, and nothing is run afterwards', async () => {
    await plugIn({ ...commonWebcam, faults: { list: 'hangs' } });
    const ctl = open(60_000);
    const hanging = expect(ctl.list()).rejects.toMatchObject({
      message: 'The camera was stopped.',
    });
    ctl.stop();
    await hanging;
    await expect(ctl.set('brightness', 1)).rejects.toThrow('The camera was stopped.');
  });

  it('one that was uninstalled meanwhile is missing', async () => {
    const ctl = openV4l2Ctl(join(folder, 'none'), '/dev/video0');
    await expect(ctl.list()).rejects.toMatchObject({ reason: 'no-program' });
  });

  it('is looked for in its places alone', async () => {
    expect(await findV4l2Ctl([join(folder, 'none'), program])).toBe(program);
    expect(await findV4l2Ctl([join(folder, 'none'), file])).toBeNull();
  });

  test.each(['/dev/video0; id', '--all', '/dev/sda', '/dev/video0 --all', 'video0', ''])(
    '%j never reaches it',
    (node) => {
      expect(() => openV4l2Ctl(program, node)).toThrow('is no video device');
    },
  );

  test.each([
    ['brightness=1,gain', 1],
    ['--all', 1],
    ['brightness', 1.5],
    ['brightness', Number.NaN],
  ])('neither does %j with %s', async (name, value) => {
    await expect(open().set(name, value)).rejects.toThrow('is no control with its value');
  });
});

describe.skipIf(process.platform === 'win32')('a camera set by v4l2-ctl', () => {
  const hold = {
    kind: 'hold',
    goals: ['exposure', 'white-balance', 'focus'],
    mainsHz: 50,
    light: 1,
  } as const;

  it('finds its values and holds them', async () => {
    const device = openV4l2Device(open());
    const release = {
      kind: 'release',
      goals: ['mains-frequency', 'frame-rate'],
      mainsHz: 50,
    } as const;
    expect(await device.take(release)).toEqual({
      set: [
        { goal: 'mains-frequency', value: '50 Hz' },
        { goal: 'frame-rate', value: 'steady' },
      ],
      refused: [],
    });
    expect(await device.take(hold)).toEqual({
      set: [
        { goal: 'exposure', value: '20 ms' },
        { goal: 'white-balance', value: '4120 K' },
        { goal: 'focus', value: 'held' },
      ],
      refused: [],
    });
    expect(
      await valuesOf('auto_exposure', 'exposure_time_absolute', 'white_balance_temperature'),
    ).toEqual([1, 200, 4120]);
    await device.take({ ...hold, goals: ['exposure'], light: 0.5 });
    expect(await valuesOf('exposure_time_absolute')).toEqual([100]);
    await device.take({ ...hold, goals: ['exposure'], light: 3 });
    expect(await valuesOf('exposure_time_absolute')).toEqual([300]);
  });

  it('goes on where the camera refuses one thing', async () => {
    await plugIn({ ...commonWebcam, faults: { set: { white_balance_temperature: 'refused' } } });
    const { set, refused } = await openV4l2Device(open()).take(hold);
    expect(set.map(({ goal }) => goal)).toEqual(['exposure', 'focus']);
    expect(refused).toEqual([
      {
        goal: 'white-balance',
        reason: 'refused',
        detail: 'v4l2-ctl ended with 255: white_balance_temperature: Input/output error',
      },
    ]);
  });

  it('refuses all where the program cannot be run or says nonsense', async () => {
    await plugIn({ ...commonWebcam, faults: { list: 'garbage' } });
    const { set, refused } = await openV4l2Device(open()).take(hold);
    expect(set).toEqual([]);
    expect(refused.map(({ goal, reason }) => [goal, reason])).toEqual([
      ['exposure', 'failed'],
      ['white-balance', 'failed'],
      ['focus', 'failed'],
    ]);
    const missing = openV4l2Device(openV4l2Ctl(join(folder, 'none'), '/dev/video0'));
    expect((await missing.take(hold)).refused[0]).toEqual({
      goal: 'exposure',
      reason: 'no-program',
    });
  });
});

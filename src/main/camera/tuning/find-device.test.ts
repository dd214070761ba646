import { expect, it, vi } from 'vitest';
import { liveDevice, webcamDevice } from './find-device.ts';
import type { TuningSystem } from './find-device.ts';

const noProgram = { findProgram: async (): Promise<string | null> => null };

const linux: TuningSystem = {
  platform: 'linux',
  findProgram: async () => '/usr/bin/v4l2-ctl',
  listCameras: async () => [
    { device: '/dev/video0', label: 'HD Webcam' },
    { device: '/dev/video2', label: 'Twin' },
    { device: '/dev/video4', label: 'Twin' },
  ],
};

const step = { kind: 'release', goals: ['mains-frequency', 'exposure'], mainsHz: 50 } as const;
const tune = vi.fn(async () => ({
  set: [{ goal: 'exposure' as const, value: 'automatic' }],
  refused: [],
}));

it('on Linux a camera is set by the kernel’s controls', async () => {
  expect((await liveDevice('HD Webcam (046d:082d)', tune, linux)).by).toBe('v4l2');
  expect((await webcamDevice('/dev/video2', linux))?.by).toBe('v4l2');
  expect((await webcamDevice(null, linux))?.by).toBe('v4l2');
});

it.each([
  ['not-on-this-system', { ...linux, platform: 'win32' }],
  ['no-program', { ...linux, ...noProgram }],
  ['unknown-device', linux],
] as const)('%s: Chromium sets what it can, and the rest is refused', async (reason, system) => {
  const device = await liveDevice('Twin (1234:5678)', tune, system);
  expect(device.by).toBe('media-track');
  expect(await device.take(step)).toEqual({
    set: [{ goal: 'exposure', value: 'automatic' }],
    refused: [{ goal: 'mains-frequency', reason }],
  });
  expect(tune).toHaveBeenLastCalledWith({ ...step, goals: ['exposure'] });
});

it('what Chromium does not answer has failed', async () => {
  const device = await liveDevice('Twin', () => Promise.reject(new Error('gone')), linux);
  expect((await device.take(step)).refused).toEqual([
    { goal: 'mains-frequency', reason: 'unknown-device' },
    { goal: 'exposure', reason: 'failed', detail: 'gone' },
  ]);
});

it.each([
  ['no-program', { ...linux, ...noProgram }],
  ['not-on-this-system', { ...linux, platform: 'darwin' }],
  ['unknown-device', { ...linux, listCameras: async () => [] }],
] as const)('%s: of the webcam driver nothing can be set', async (reason, system) => {
  const device = await webcamDevice(null, system);
  expect(device?.by).toBe('nobody');
  expect((await device?.take(step))?.refused).toEqual([
    { goal: 'mains-frequency', reason },
    { goal: 'exposure', reason },
  ]);
});

it('a picture file has nothing to set', async () => {
  expect(await webcamDevice('FILE:pictures/tray.jpg', linux)).toBeNull();
  expect(await webcamDevice('TEST:', linux)).toBeNull();
});

import { expect, test, vi } from 'vitest';
import { keptLog } from '../../shared/testing/kept-log.ts';
import type { Device } from './device.ts';
import { createHealth } from './health.ts';
import { createStatusHolder } from './status-holder.ts';

let nowMs = 1_000;
function device() {
  const holder = createStatusHolder(() => nowMs);
  const test: Device['test'] = async () => ({ kind: 'passed', detail: 'weighed', tookMs: 3 });
  const opened: Device = { ...holder, test, stop: () => Promise.resolve() };
  return { device: opened, set: holder.set };
}
const lost = { kind: 'lost', code: 'no-camera', advice: 'Plug it in.' } as const;

test('a change is told once, with its time; the same again is none', () => {
  const { device: camera, set } = device();
  const told = vi.fn();
  const end = camera.onStatus(told);
  expect(camera.status()).toEqual({ kind: 'starting', sinceMs: 1_000 });
  nowMs = 2_000;
  set(lost);
  nowMs = 3_000;
  set({ ...lost });
  expect(told.mock.calls).toEqual([[{ ...lost, sinceMs: 2_000 }]]);
  end();
  set({ kind: 'ready', label: 'USB camera' });
  expect(told).toHaveBeenCalledTimes(1);
  expect(camera.status()).toEqual({ kind: 'ready', label: 'USB camera', sinceMs: 3_000 });
});

test('staff see how each device is, and the log says it with the remedy', () => {
  const { log, events } = keptLog();
  const health = createHealth(log);
  const { device: camera, set } = device();
  health.watch('camera', camera);
  expect(events).toEqual([]);
  const of = { device: 'camera' };
  set(lost);
  set({ kind: 'degraded', code: 'slow', advice: 'Use another socket.' });
  set({ kind: 'ready', label: 'USB camera' });
  expect(events).toEqual([
    { level: 'error', event: 'device-lost', ...of, code: 'no-camera', advice: 'Plug it in.' },
    { level: 'warn', event: 'device-degraded', ...of, code: 'slow', advice: 'Use another socket.' },
    { level: 'info', event: 'device-ready', ...of, label: 'USB camera' },
  ]);
  expect(health.devices()).toMatchObject([{ name: 'camera', status: { kind: 'ready' } }]);
});

test('a device can be tested by its name', async () => {
  const health = createHealth(keptLog().log);
  health.watch('scale', device().device);
  expect(await health.test('scale')).toMatchObject({ kind: 'passed' });
  expect(health.test('printer')).toBeNull();
});

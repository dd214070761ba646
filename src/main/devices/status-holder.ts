import type { DeviceCondition, DeviceStatus } from './device.ts';

/** Holds a device's status for whoever asks, and tells each change. */
export interface StatusHolder {
  readonly status: () => DeviceStatus;
  readonly onStatus: (listener: (status: DeviceStatus) => void) => () => void;
  /** The same condition again is no change and keeps its time. */
  readonly set: (condition: DeviceCondition) => void;
}

export function createStatusHolder(nowMs: () => number = Date.now): StatusHolder {
  let status: DeviceStatus = { kind: 'starting', sinceMs: nowMs() };
  const listeners = new Set<(status: DeviceStatus) => void>();
  return {
    status: () => status,
    onStatus: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    set: (condition) => {
      const { sinceMs: _since, ...before } = status;
      if (JSON.stringify(before) === JSON.stringify(condition)) return;
      status = { ...condition, sinceMs: nowMs() };
      for (const listener of listeners) listener(status);
    },
  };
}

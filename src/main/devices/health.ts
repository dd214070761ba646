import type { Log } from '../../shared/log.ts';
import type { Device, DeviceStatus, TestResult } from './device.ts';

/** How one of the till's devices is. */
export interface DeviceHealth {
  /** Its place in the till: camera, scale, terminal, recogniser. */
  readonly name: string;
  readonly status: DeviceStatus;
}

/** How the till's devices are, for staff and for the log. */
export interface Health {
  readonly watch: (name: string, device: Device) => void;
  readonly devices: () => readonly DeviceHealth[];
  /** Null where there is no device of that name. */
  readonly test: (name: string) => Promise<TestResult> | null;
}

/** Each change that staff should know of is a line of the log, with its remedy. */
export function createHealth(log: Log): Health {
  const watched = new Map<string, Device>();
  const note = (device: string, status: DeviceStatus): void => {
    switch (status.kind) {
      case 'starting':
        return;
      case 'ready':
        log.info('device-ready', { device, label: status.label });
        return;
      case 'degraded':
      case 'lost': {
        const { code, advice } = status;
        const say = status.kind === 'lost' ? log.error : log.warn;
        say(`device-${status.kind}`, { device, code, advice });
      }
    }
  };
  return {
    watch: (name, device) => {
      watched.set(name, device);
      note(name, device.status());
      device.onStatus((status) => note(name, status));
    },
    devices: () => [...watched].map(([name, device]) => ({ name, status: device.status() })),
    test: (name) => watched.get(name)?.test() ?? null,
  };
}

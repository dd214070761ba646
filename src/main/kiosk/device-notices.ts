import type { Notice } from '../../shared/snapshot.ts';
import type { DeviceStatus } from '../devices/device.ts';
import { secondEndpoint } from '../devices/recogniser/recogniser-condition.ts';

/** What the shopper reads of the recogniser; null where it works, or is still coming up. */
export function recogniserNotice(status: DeviceStatus): Notice | null {
  switch (status.kind) {
    case 'starting':
    case 'ready':
      return null;
    case 'degraded':
      return status.code === secondEndpoint ? 'recognition-second-endpoint' : null;
    case 'lost':
      return 'recognition-down';
  }
}

import type { Server, Socket } from 'node:net';

import { Counter } from 'prom-client';
import type { Registry } from 'prom-client';

import type { AdjustableLimits } from '../domain/limits.ts';
import { addGauge } from '../monitoring/add-gauge.ts';

/** Hangs up on connections that are too many, in all or of one address, and counts them. */
export function limitConnections(
  server: Server,
  limits: Pick<AdjustableLimits, 'connections' | 'connectionsPerAddress'>,
  metrics: Registry,
): void {
  server.maxConnections = limits.connections;
  const addresses = new Map<string, number>();
  const refused = new Counter({
    name: 'freshlane_http_connections_refused_total',
    help: 'Connections that found no place.',
    registers: [metrics],
  });
  addGauge(metrics, 'freshlane_http_connections', 'Open connections.', () =>
    [...addresses.values()].reduce((sum, count) => sum + count, 0),
  );
  server.on('drop', () => refused.inc());
  server.on('connection', (socket: Socket) => {
    const address = socket.remoteAddress ?? '';
    const count = addresses.get(address) ?? 0;
    if (count >= limits.connectionsPerAddress) {
      refused.inc();
      socket.destroy();
      return;
    }
    addresses.set(address, count + 1);
    socket.once('close', () => {
      const left = (addresses.get(address) ?? 0) - 1;
      if (left > 0) addresses.set(address, left);
      else addresses.delete(address);
    });
  });
}

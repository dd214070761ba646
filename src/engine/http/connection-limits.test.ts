import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

import { Registry } from 'prom-client';
import { expect, onTestFinished, test } from 'vitest';

import { limitConnections } from './connection-limits.ts';

async function serve(connections: number, connectionsPerAddress: number) {
  const metrics = new Registry();
  const server = createServer();
  limitConnections(server, { connections, connectionsPerAddress }, metrics);
  server.on('connection', (socket) => socket.on('error', () => undefined).write('hello'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  /** Undefined where it is hung up on. */
  const open = async (localAddress = '127.0.0.1'): Promise<Socket | undefined> => {
    const socket = connect({ port, host: '127.0.0.1', localAddress });
    onTestFinished(() => void socket.destroy());
    socket.on('error', () => undefined);
    return Promise.race([
      once(socket, 'data').then(() => socket),
      once(socket, 'close').then(() => undefined),
    ]);
  };
  const told = async (name: string): Promise<number> =>
    Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(await metrics.metrics())?.[1]);
  return { server, open, told };
}

test('one address gets its share of the connections, and others the rest', async () => {
  const { open, told } = await serve(4, 2);
  expect([await open(), await open()]).not.toContain(undefined);
  expect(await open()).toBeUndefined();
  expect(await open('127.0.0.2')).toBeDefined();
  expect(await told('freshlane_http_connections')).toBe(3);
  expect(await told('freshlane_http_connections_refused_total')).toBe(1);
});

test('a connection that is over makes room', async () => {
  const { server, open, told } = await serve(2, 1);
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  const first = await open();
  const [socket] = await accepted;
  first?.destroy();
  await once(socket, 'close');
  expect(await told('freshlane_http_connections')).toBe(0);
  expect(await open()).toBeDefined();
});

test('what is too much for all addresses together is counted too', async () => {
  const { open, told } = await serve(2, 2);
  expect([await open(), await open('127.0.0.2')]).not.toContain(undefined);
  expect(await open('127.0.0.3')).toBeUndefined();
  expect(await told('freshlane_http_connections_refused_total')).toBe(1);
});

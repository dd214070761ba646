import { once } from 'node:events';
import { connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

import { fastify } from 'fastify';
import { expect, onTestFinished, test } from 'vitest';

import { hangUpOnSilent } from './silent-connections.ts';

const silentMs = 50;
const largeBytes = 64 * 1024 * 1024;

async function serve() {
  const app = fastify();
  hangUpOnSilent(app, silentMs);
  app.get('/long', async () => {
    await once(app.server, 'timeout');
    return 'done';
  });
  app.get('/large', async () => 'x'.repeat(largeBytes));
  await app.listen({ host: '127.0.0.1', port: 0 });
  onTestFinished(() => app.close());
  const { port } = app.server.address() as AddressInfo;
  return { app, port };
}

test('a client that waits for its answer longer than that gets it', async () => {
  const { port } = await serve();
  const answer = await fetch(`http://127.0.0.1:${port}/long`);
  expect(await answer.text()).toBe('done');
});

test.each([
  ['that does not read its answer', 'GET /large HTTP/1.1\r\nHost: engine\r\n\r\n'],
  ['that says nothing', ''],
])('a client %s is hung up on', async (_, bytes) => {
  const { app, port } = await serve();
  const connected = once(app.server, 'connection') as Promise<[Socket]>;
  const client = connect(port, '127.0.0.1');
  onTestFinished(() => void client.destroy());
  client.on('error', () => undefined);
  client.pause();
  client.write(bytes);
  const [socket] = await connected;
  await once(socket, 'close');
  // Of the answer it finds no more than what was on its way.
  let readBytes = 0;
  client.on('data', (chunk) => {
    readBytes += chunk.byteLength;
  });
  client.resume();
  await once(client, 'close');
  expect(readBytes).toBeLessThan(largeBytes);
});

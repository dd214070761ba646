import { connect } from 'node:net';

import { fastify } from 'fastify';
import type { FastifyInstance } from 'fastify';
import { expect, onTestFinished, test } from 'vitest';

import { drawPhoto } from '../testing/drawn-photos.ts';
import { addPredictionRoutes } from './prediction-routes.ts';
import type { PredictionRoutesOptions } from './prediction-routes.ts';
import { createSemaphore } from './semaphore.ts';

const store = {
  projects: { get: (id: string) => ({ id, domainId: 'any' }) },
  iterations: { published: () => ({ id: 'i' }) },
};

async function listening(options: unknown) {
  const app = fastify() as unknown as FastifyInstance;
  app.removeAllContentTypeParsers();
  const whole = async (_request: unknown, body: Buffer): Promise<Buffer> => body;
  app.addContentTypeParser('*', { parseAs: 'buffer' }, whole);
  addPredictionRoutes(app, options as PredictionRoutesOptions);
  onTestFinished(() => app.close());
  await app.listen({ port: 0 });
  const { port } = app.server.address() as { readonly port: number };
  const connections = (): Promise<number> =>
    new Promise((resolve) => app.server.getConnections((_, count) => resolve(count)));
  return { port, connections };
}

test('a picture that waits is not looked at where whoever asked hangs up', async () => {
  const enter = createSemaphore({ running: 1, waiting: 9 }, () => new Error('It is full.'));
  let leave = (): void => undefined;
  const inside = enter(() => new Promise<void>((resolve) => (leave = resolve)));
  let looked = 0;
  const { port } = await listening({
    store,
    classifier: {
      classify: async () => {
        looked += 1;
        return { named: [], features: new Float32Array() };
      },
    },
    ...{ finder: undefined, fetchUrl: undefined, enter },
  });
  const picture = drawPhoto('tomato', 1);
  const ask = () => {
    const socket = connect(port, '127.0.0.1');
    socket.write(
      'POST /p/classify/iterations/live/image/nostore HTTP/1.1\r\nHost: x\r\n' +
        `Content-Type: image/jpeg\r\nContent-Length: ${picture.length}\r\n\r\n`,
    );
    socket.write(picture);
    return socket;
  };
  const gone = ask();
  const stays = ask();
  await expect.poll(enter.waiting).toBe(2);
  gone.destroy();
  await expect.poll(enter.waiting).toBe(1);
  leave();
  await inside;
  await new Promise((resolve) => stays.once('data', resolve));
  stays.destroy();
  expect(looked).toBe(1);
});

test('nor is a picture that was fetched from far away for somebody who hung up meanwhile', async () => {
  let looked = 0;
  let fetched = (_picture: Buffer): void => undefined;
  let isFetching = false;
  const entered: AbortSignal[] = [];
  const { port, connections } = await listening({
    store,
    classifier: { classify: async () => (looked += 1) },
    finder: undefined,
    fetchUrl: () => {
      isFetching = true;
      return new Promise<Buffer>((resolve) => (fetched = resolve));
    },
    enter: async (_task: unknown, signal: AbortSignal) => {
      entered.push(signal);
      signal.throwIfAborted();
    },
  });
  const body = JSON.stringify({ Url: 'http://127.0.0.1/far-away.jpg' });
  const socket = connect(port, '127.0.0.1');
  socket.write(
    'POST /p/classify/iterations/live/url/nostore HTTP/1.1\r\nHost: x\r\n' +
      `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  );
  await expect.poll(() => isFetching).toBe(true);
  socket.destroy();
  await expect.poll(connections).toBe(0);
  fetched(drawPhoto('tomato', 1));
  await expect.poll(() => entered.length).toBe(1);
  expect(entered[0]?.aborted).toBe(true);
  expect(looked).toBe(0);
});

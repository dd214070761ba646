import { connect } from 'node:net';

import { fastify } from 'fastify';
import type { FastifyInstance } from 'fastify';
import { expect, onTestFinished, test } from 'vitest';

import { drawPhoto } from '../testing/drawn-photos.ts';
import { addPredictionRoutes } from './prediction-routes.ts';
import type { PredictionRoutesOptions } from './prediction-routes.ts';
import { createSemaphore } from './semaphore.ts';

test('a picture that waits is not looked at where whoever asked hangs up', async () => {
  const enter = createSemaphore({ running: 1, waiting: 9 }, () => new Error('It is full.'));
  let leave = (): void => undefined;
  const inside = enter(() => new Promise<void>((resolve) => (leave = resolve)));
  let looked = 0;
  const options = {
    store: {
      projects: { get: (id: string) => ({ id, domainId: 'any' }) },
      iterations: { published: () => ({ id: 'i' }) },
    },
    classifier: {
      classify: async () => {
        looked += 1;
        return { named: [], features: new Float32Array() };
      },
    },
    ...{ finder: undefined, fetchUrl: undefined, enter },
  } as unknown as PredictionRoutesOptions;
  const app = fastify() as unknown as FastifyInstance;
  app.removeAllContentTypeParsers();
  const whole = async (_request: unknown, body: Buffer): Promise<Buffer> => body;
  app.addContentTypeParser('*', { parseAs: 'buffer' }, whole);
  addPredictionRoutes(app, options);
  await app.listen({ port: 0 });
  onTestFinished(() => app.close());
  const picture = drawPhoto('tomato', 1);
  const { port } = app.server.address() as { readonly port: number };
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

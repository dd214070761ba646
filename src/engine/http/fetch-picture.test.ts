import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { expect, onTestFinished, test } from 'vitest';

import { createPictureFetcher } from './fetch-picture.ts';

const picture = Buffer.from('a picture');

/** A web server that answers when it is told to. */
async function slowWeb() {
  const waiting: (() => void)[] = [];
  let onRequest = (): void => undefined;
  const server = createServer((_, response) => {
    waiting.push(() => response.end(picture));
    onRequest();
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/photo`),
    /** Resolves when so many requests wait. */
    asked: (count: number) =>
      new Promise<void>((resolve) => {
        onRequest = () => {
          if (waiting.length >= count) resolve();
        };
        onRequest();
      }),
    answer: () => waiting.splice(0).forEach((end) => end()),
    waiting: () => waiting.length,
  };
}

const refused = { status: 429, retryAfterSeconds: 1 };

test('a slow host takes only its own places', async () => {
  const [slow, other] = [await slowWeb(), await slowWeb()];
  const fetcher = createPictureFetcher({ running: 3, runningPerHost: 2, waiting: 1 });
  const first = [fetcher(slow.url, 100), fetcher(slow.url, 100)];
  await slow.asked(2);
  const third = fetcher(slow.url, 100);
  await expect(fetcher(slow.url, 100)).rejects.toMatchObject(refused);

  const quick = fetcher(other.url, 100);
  await other.asked(1);
  other.answer();
  expect(await quick).toEqual(picture);
  expect(slow.waiting()).toBe(2);

  slow.answer();
  await Promise.all(first);
  await slow.asked(1);
  slow.answer();
  expect(await third).toEqual(picture);
});

test('all hosts together take no more places than there are', async () => {
  const webs = [await slowWeb(), await slowWeb()];
  const fetcher = createPictureFetcher({ running: 1, runningPerHost: 1, waiting: 0 });
  const [one, two] = [webs[0]!, webs[1]!];
  const first = fetcher(one.url, 100);
  await one.asked(1);
  await expect(fetcher(two.url, 100)).rejects.toMatchObject(refused);
  one.answer();
  await first;
  const second = fetcher(two.url, 100);
  await two.asked(1);
  two.answer();
  expect(await second).toEqual(picture);
});

test('a host that has no picture gives its place back', async () => {
  const web = await slowWeb();
  const gone = new URL('http://127.0.0.1:9/nothing');
  const fetcher = createPictureFetcher({ running: 1, runningPerHost: 1, waiting: 0 });
  await expect(fetcher(gone, 100)).rejects.toMatchObject({ code: 'BadRequestImageUrl' });
  const fetching = fetcher(web.url, 100);
  await web.asked(1);
  web.answer();
  expect(await fetching).toEqual(picture);
});

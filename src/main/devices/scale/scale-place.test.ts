import { expect, test } from 'vitest';
import { scalePlace } from './scale-place.ts';

test('the virtual tray weighs what is laid on it', async () => {
  let weigh: (grams: number) => void = () => undefined;
  let ended = false;
  const scale = await scalePlace.open(
    { kind: 'tray' },
    {
      virtualTray: {
        onWeight: (listener) => {
          weigh = listener;
          return () => {
            ended = true;
          };
        },
      },
    },
  );
  expect(scale.status()).toMatchObject({ kind: 'starting' });
  expect(await scale.test()).toMatchObject({ kind: 'failed' });
  scale.scale!.placed('banana');
  weigh(180);
  expect(scale.scale!.weigh('banana')).toBe(180);
  expect(scale.status()).toMatchObject({ kind: 'ready' });
  expect(await scale.test()).toMatchObject({ kind: 'passed', detail: '180 g' });
  await scale.stop();
  expect(ended).toBe(true);
});

test('without a scale nothing is weighed, and a test says so', async () => {
  const scale = await scalePlace.open({ kind: 'none' }, { virtualTray: null });
  expect(scale.scale).toBeNull();
  expect(await scale.test()).toEqual({ kind: 'failed', message: 'There is no scale.' });
});

import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test, vi } from 'vitest';
import { parseKioskSettings } from '../settings/kiosk-settings.ts';
import type { TrayEvent } from '../tray/tray-event.ts';
import type { Thumb } from '../../shared/frame.ts';
import { keptLog } from '../../shared/testing/kept-log.ts';
import { openTray } from './tray.ts';
import type { KioskTray } from './tray.ts';

const [width, height] = [40, 30];

/** A thread without a model. */
const worker = (onJob: string): URL =>
  new URL(
    `data:text/javascript,${encodeURIComponent(`
      import { parentPort, workerData } from 'node:worker_threads';
      const plane = (isSo) => Uint8Array.from({ length: ${width * height} }, (_, at) => {
        const [x, y] = [at % ${width}, Math.floor(at / ${width})];
        return isSo(x > 12 && x < 26 && y > 8 && y < 22) ? 255 : 0;
      });
      const none = () => plane(() => false);
      parentPort.on('message', ({ id, name }) => {
        if (name === 'close') return parentPort.close();
        const done = (response) => parentPort.postMessage({ kind: 'done', id, response });
        if (name === 'open') return done(null);
        const thing = () => done({
          width: ${width}, height: ${height},
          same: plane((isThing) => !isThing), added: plane((isThing) => isThing),
          removed: none(), person: none(), edge: none(),
        });
        const failed = () => parentPort.postMessage({
          kind: 'failed', id, failure: { message: 'No model at ' + workerData.modelPath },
        });
        ${onJob}
      });`)}`,
  );

const missing = pathToFileURL('/nowhere/segmenter-worker.js');

async function open(kind: 'live' | 'webcam' | 'tray', segmenterWorker: URL) {
  const parsed = parseKioskSettings(JSON.stringify({ camera: { kind } }));
  if ('problems' in parsed) throw new Error(JSON.stringify(parsed.problems));
  const { log, events } = keptLog();
  const paths = { segmenterWorker, models: 'models' };
  const tray = await openTray(parsed.settings, { paths, log });
  onTestFinished(tray.stop);
  return { tray, events };
}

/** A grey table with noise, and from half a second on a dark square on it. */
function picture(index: number): Thumb {
  const atMs = index * 50;
  const grey = Uint8Array.from({ length: width * height }, (_, at) => {
    const [x, y] = [at % width, Math.floor(at / width)];
    const isThing = atMs >= 500 && x > 12 && x < 26 && y > 8 && y < 22;
    return (isThing ? 40 : 150) + ((x * 7 + y * 13 + index * 5) % 4);
  });
  return { width, height, grey, atMs };
}

/** Shows pictures until something is placed. */
async function placedOn({ see }: KioskTray): Promise<TrayEvent> {
  const told: TrayEvent[] = [];
  for (let index = 0; ; index += 1) {
    see(picture(index), (event) => told.push(event));
    // oxlint-disable-next-line no-await-in-loop -- what the thread says comes between two pictures.
    await new Promise((resolve) => void setImmediate(resolve));
    const placed = told.find(({ kind }) => kind === 'placed');
    if (placed !== undefined) return placed;
  }
}

test.each(['webcam', 'tray'] as const)('a %s asks the rules alone, and no model', async (kind) => {
  const { tray, events } = await open(kind, missing);
  expect(await placedOn(tray)).toMatchObject({ placementId: 'p1' });
  expect(events).toEqual([]);
});

test('for a live camera the model tells of things', async () => {
  const { tray, events } = await open('live', worker('thing();'));
  expect(await placedOn(tray)).toMatchObject({ placementId: 's1' });
  expect(events).toEqual([]);
});

test('where the model cannot be loaded, the rules are asked alone, and it is logged', async () => {
  const { tray, events } = await open('live', missing);
  expect(await placedOn(tray)).toMatchObject({ placementId: 'p1' });
  const message: unknown = expect.stringContaining('segmenter-worker.js');
  const error: unknown = expect.objectContaining({ message });
  expect(events).toEqual([{ level: 'error', event: 'tray-model-failed', error }]);
});

test('when the model fails the rules go on, and it is logged', async () => {
  const { tray, events } = await open('live', worker('failed();'));
  expect(await placedOn(tray)).toMatchObject({ placementId: 'p1' });
  const error = new Error('No model at models/tray.onnx');
  expect(events).toEqual([{ level: 'error', event: 'tray-model-failed', error }]);
});

test('a stop closes the thread in the midst of a picture, and is no fault', async () => {
  const { tray, events } = await open('live', worker(''));
  const say = vi.fn();
  for (let index = 0; index < 10; index += 1) {
    tray.see(picture(index), () => undefined);
    // oxlint-disable-next-line no-await-in-loop -- each is learned before the next one.
    await new Promise((resolve) => void setImmediate(resolve));
  }
  await tray.stop();
  for (let index = 10; index < 20; index += 1) tray.see(picture(index), say);
  expect(say).not.toHaveBeenCalled();
  expect(events).toEqual([]);
});

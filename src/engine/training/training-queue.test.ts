import { afterEach, beforeEach, expect, test } from 'vitest';

import { findDomain } from '../domain/domains.ts';
import { limits } from '../domain/limits.ts';
import { openStore } from '../store/store.ts';
import type { Store } from '../store/store.ts';
import { makeFolder, removeFolder } from '../testing/folders.ts';
import { TrainingError } from './training-fault.ts';
import { createTrainingQueue } from './training-queue.ts';
import type { TrainingEvent, TrainingQueue } from './training-queue.ts';
import type { TrainingThread } from './training-thread.ts';

const folder = makeFolder();
let store: Store;
let projectId: string;
let number = 0;

beforeEach(() => {
  store = openStore(`${folder}/${(number += 1)}`);
  projectId = store.projects.create({
    name: 'Shop',
    domainId: findDomain('food')!.id,
    classificationType: 'Multiclass',
  }).id;
});
afterEach(() => {
  store.close();
  removeFolder(folder);
});

const begin = () =>
  store.iterations.begin(projectId, { trainingType: 'Regular', reservedHours: 0 });
const of = (id: string) => store.iterations.get(projectId, id)!;

/** A thread whose jobs are ended by the test. */
function openThreads() {
  const jobs: { name: string; end: (error?: Error) => void }[] = [];
  const news = new EventTarget();
  let opened = 0;
  let die: () => void = () => undefined;
  const openThread = (): TrainingThread => {
    opened += 1;
    let isAlive = true;
    let stopped: (error: Error) => void = () => undefined;
    const run = (name: string): Promise<void> =>
      new Promise((resolve, reject) => {
        stopped = reject;
        jobs.push({ name, end: (error) => (error ? reject(error) : resolve()) });
        news.dispatchEvent(new Event('job'));
      });
    die = () => {
      isAlive = false;
      stopped(new Error('It died.'));
    };
    return {
      train: (iterationId) => run(iterationId),
      look: (photos, views) => run(`${photos.join()} x${views}`),
      isAlive: () => isAlive,
      async close() {
        isAlive = false;
        stopped(new TrainingError('The training was stopped.'));
      },
    };
  };
  const job = async () => {
    if (jobs.length === 0) {
      await new Promise((resolve) => {
        news.addEventListener('job', resolve, { once: true });
      });
    }
    return jobs.shift()!;
  };
  return { openThread, job, jobs, opened: () => opened, die: () => die() };
}

interface Trial extends ReturnType<typeof openThreads> {
  readonly queue: TrainingQueue;
  readonly kinds: () => string[];
  readonly faults: unknown[];
  readonly event: (kind: TrainingEvent['kind']) => Promise<void>;
}

function start(): Trial {
  const threads = openThreads();
  const events: TrainingEvent[] = [];
  const faults: unknown[] = [];
  const news = new EventTarget();
  const queue = createTrainingQueue({
    store,
    openThread: threads.openThread,
    onEvent(event) {
      events.push(event);
      news.dispatchEvent(new Event(event.kind));
    },
    onFault: (error) => faults.push(error),
  });
  return {
    ...threads,
    queue,
    faults,
    kinds: () => events.map(({ kind }) => kind),
    event: (kind) =>
      new Promise((resolve) => {
        news.addEventListener(kind, () => resolve(), { once: true });
      }),
  };
}

test('trains one after another, in one thread', async () => {
  const { queue, job, jobs, kinds, opened, event } = start();
  const [first, second] = [begin(), begin()];
  queue.add(first);
  queue.add(second);
  const one = await job();
  expect(one.name).toBe(first.id);
  expect(jobs).toHaveLength(0);
  one.end();
  const other = await job();
  expect(other.name).toBe(second.id);
  const completed = event('completed');
  other.end();
  await completed;
  expect(opened()).toBe(1);
  expect(kinds()).toEqual(['queued', 'started', 'queued', 'completed', 'started', 'completed']);
  await queue.close();
});

test('tells why a training failed, and goes on', async () => {
  const { queue, job, event, faults } = start();
  const [first, second] = [begin(), begin()];
  queue.add(first);
  queue.add(second);
  (await job()).end(new TrainingError('The photo is missing.'));
  const failed = await job().then((next) => {
    const told = event('failed');
    next.end(new Error('out of memory'));
    return told;
  });
  expect(failed).toBeUndefined();
  expect(of(first.id)).toMatchObject({ status: 'Failed', errorDetails: 'The photo is missing.' });
  expect(of(second.id).errorDetails).toMatch(/unexpectedly: out of memory/);
  expect(faults.map(String)).toEqual(['Error: out of memory']);
  await queue.close();
});

test('takes up again what the last run of the engine left', async () => {
  const before = start();
  const iteration = begin();
  before.queue.add(iteration);
  await before.job();
  await before.queue.close();
  expect(of(iteration.id).status).toBe('Training');

  const after = start();
  expect((await after.job()).name).toBe(iteration.id);
  await after.queue.close();
});

test('gives up a training in which the engine ends each time', async () => {
  const iteration = begin();
  for (let run = 0; run < limits.trainingAttempts; run += 1) {
    store.iterations.attempt(iteration.id, 1);
  }
  const { queue, event } = start();
  if (of(iteration.id).status === 'Training') await event('failed');
  expect(of(iteration.id).errorDetails).toMatch(/stopped 3 times in the midst/);
  await queue.close();
});

test('a stop by hand is not held against a training', async () => {
  const iteration = begin();
  for (let run = 0; run <= limits.trainingAttempts; run += 1) {
    const { queue, job } = start();
    expect((await job()).name).toBe(iteration.id);
    await queue.close();
  }
  expect(of(iteration.id).status).toBe('Training');
});

test('a deleted project is passed over, and its training is no failure', async () => {
  const { queue, job, kinds, faults } = start();
  const [first, second] = [begin(), begin()];
  queue.add(first);
  queue.add(second);
  const one = await job();
  store.projects.remove(projectId);
  projectId = store.projects.create({
    name: 'Other',
    domainId: findDomain('food')!.id,
    classificationType: 'Multiclass',
  }).id;
  const third = begin();
  queue.add(third);
  one.end(new Error('no such photo'));
  expect((await job()).name).toBe(third.id);
  expect({ failed: kinds().includes('failed'), faults }).toEqual({ failed: false, faults: [] });
  await queue.close();
});

test('looks at photos ahead, some at a time, and trains first', async () => {
  const { queue, job } = start();
  const photos = Array.from({ length: limits.photosForeseenAtOnce + 1 }, (_, index) => `p${index}`);
  queue.foresee(photos, 4);
  queue.foresee(['q'], 2);
  const look = await job();
  expect(look.name).toBe(`${photos.slice(0, -1).join()} x4`);
  const iteration = begin();
  queue.add(iteration);
  look.end();
  const training = await job();
  expect(training.name).toBe(iteration.id);
  training.end();
  const rest = await job();
  expect(rest.name).toBe(`${photos.at(-1)} x4`);
  rest.end();
  expect((await job()).name).toBe('q x2');
  await queue.close();
});

test('a thread that died is replaced', async () => {
  const { queue, job, die, opened, event } = start();
  const [first, second] = [begin(), begin()];
  queue.add(first);
  queue.add(second);
  await job();
  const failed = event('failed');
  die();
  await failed;
  expect(of(first.id).errorDetails).toMatch(/unexpectedly: It died/);
  expect((await job()).name).toBe(second.id);
  expect(opened()).toBe(2);
  await queue.close();
});

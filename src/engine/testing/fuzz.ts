import fc from 'fast-check';

import { openStore } from '../store/store.ts';
import { malformedRequests } from './malformed-requests.ts';
import { addRandomIteration } from './random-head.ts';
import { sendRaw } from './raw-request.ts';
import { runEngine } from './running-engine.ts';

export interface FuzzResult {
  /** How many requests were answered so, by kind and status. */
  readonly answers: ReadonlyMap<string, number>;
  readonly faults: readonly unknown[];
  readonly slowestMs: number;
  readonly residentBytesBefore: number;
  readonly residentBytesMost: number;
  readonly healthAfter: unknown;
}

/** Sends malformed requests to an engine of its own, several at a time. */
export async function fuzzEngine(runs: number, seed: number): Promise<FuzzResult> {
  const faults: unknown[] = [];
  const shop = await runEngine({ onFault: (fault) => faults.push(fault) });
  try {
    const { endpoint, predictionKey, trainingKey } = shop.engine;
    const { id: projectId = '' } = await shop.training.createProject('Shop');
    const tags = ['apple', 'bread'];
    const made = [];
    for (const tag of tags) made.push(await shop.training.createTag(projectId, tag));
    const health = async () => (await fetch(`${endpoint}/healthz`)).json();
    const { backbone } = (await health()) as { backbone: string };
    const store = openStore(shop.dataDir);
    addRandomIteration(store, projectId, { backboneId: backbone, publishName: 'live' });
    store.close();

    const requests = fc.sample(
      malformedRequests({
        projectId,
        tagId: made[0]?.id ?? '',
        publishedName: 'live',
        predictionKey,
        trainingKey,
      }),
      { numRuns: runs, seed },
    );
    const residentBytesBefore = process.memoryUsage.rss();
    let residentBytesMost = residentBytesBefore;
    let slowestMs = 0;
    const answers = new Map<string, number>();
    const queue = requests.values();
    const client = async (): Promise<void> => {
      for (const { kind, bytes } of queue) {
        const { status, tookMs } = await sendRaw(endpoint, bytes, 30_000);
        const key = `${kind} ${status ?? 'closed'}`;
        answers.set(key, (answers.get(key) ?? 0) + 1);
        if (status === 500) faults.push(new Error(`500 for ${bytes.subarray(0, 2_000)}`));
        slowestMs = Math.max(slowestMs, tookMs);
        residentBytesMost = Math.max(residentBytesMost, process.memoryUsage.rss());
      }
    };
    await Promise.all(Array.from({ length: 4 }, client));
    return {
      answers,
      faults,
      slowestMs,
      residentBytesBefore,
      residentBytesMost,
      healthAfter: await health(),
    };
  } finally {
    await shop.stop();
  }
}

import { PredictionAPIClient } from '@azure/cognitiveservices-customvision-prediction';
import { TrainingAPIClient } from '@azure/cognitiveservices-customvision-training';
import { ApiKeyCredentials } from '@azure/ms-rest-js';

import { startEngine } from '../engine.ts';
import type { Engine, EngineOptions } from '../engine.ts';
import { loadFeatureExtractor } from '../inference/feature-extractor.ts';
import { defaultModelDir } from '../process/model-dir.ts';
import { openStore } from '../store/store.ts';
import type { Store } from '../store/store.ts';
import { makeFolder, removeFolder } from './folders.ts';

/** An engine on a data folder of its own, with the official clients for it. */
export interface RunningEngine {
  readonly engine: Engine;
  readonly dataDir: string;
  readonly training: TrainingAPIClient;
  readonly prediction: PredictionAPIClient;
  /** A request below `/customvision/v3.3/training/`, with the training key. */
  readonly call: (path: string, init?: RequestInit) => Promise<Response>;
  /** Looks into what the engine keeps, or lays something there that no call can. */
  readonly withStore: <T>(work: (store: Store) => T) => T;
  /** Takes the data folder away too, unless it was given. */
  readonly stop: () => Promise<void>;
}

/** It looks at pictures in the test's own thread, which needs no built program. */
export async function runEngine(options: Partial<EngineOptions> = {}): Promise<RunningEngine> {
  const dataDir = options.dataDir ?? makeFolder();
  const modelDir = defaultModelDir(import.meta.url);
  const engine = await startEngine({
    modelDir,
    port: 0,
    openFeatureExtractor: loadFeatureExtractor,
    ...options,
    dataDir,
  });
  const { endpoint, trainingKey, predictionKey } = engine;
  const clientOptions = { noRetryPolicy: true };
  return {
    engine,
    dataDir,
    training: new TrainingAPIClient(
      new ApiKeyCredentials({ inHeader: { 'Training-key': trainingKey } }),
      endpoint,
      clientOptions,
    ),
    prediction: new PredictionAPIClient(
      new ApiKeyCredentials({ inHeader: { 'Prediction-key': predictionKey } }),
      endpoint,
      clientOptions,
    ),
    call: (path, init = {}) =>
      fetch(`${endpoint}/customvision/v3.3/training/${path}`, {
        ...init,
        headers: { 'Training-Key': trainingKey, ...(init.headers as Record<string, string>) },
      }),
    withStore(work) {
      const store = openStore(dataDir);
      try {
        return work(store);
      } finally {
        store.close();
      }
    },
    async stop() {
      await engine.close();
      if (options.dataDir === undefined) removeFolder(dataDir);
    },
  };
}

export interface Refusal {
  readonly statusCode: number;
  readonly body: { readonly code: string; readonly message: string };
}

/** How the engine refused a call of an official client. @throws Error where it did not. */
export async function refusal(call: Promise<unknown>): Promise<Refusal> {
  let answer: unknown;
  try {
    answer = await call;
  } catch (error) {
    return error as Refusal;
  }
  throw new Error(`The call was answered: ${JSON.stringify(answer)}`);
}

import { isIP } from 'node:net';
import { availableParallelism } from 'node:os';
import { Server as TlsServer } from 'node:tls';

import { Registry } from 'prom-client';

import type { EngineAccess } from '../shared/engine-messages.ts';
import { createClassifier } from './inference/classifier.ts';
import type { Classifier } from './inference/classifier.ts';
import { disposeAll } from './process/disposables.ts';
import type { Dispose } from './process/disposables.ts';
import { createFinder } from './inference/finder.ts';
import { createModelExports } from './export/model-exports.ts';
import { checkHealth } from './monitoring/health.ts';
import type { Health, HealthOptions } from './monitoring/health.ts';
import { addGauges } from './monitoring/gauges.ts';
import { loadCertificate } from './http/certificate.ts';
import type { CertificateFiles } from './http/certificate.ts';
import { keepCertificateFresh } from './http/fresh-certificate.ts';
import { createPictureFetcher } from './http/fetch-picture.ts';
import type { DescribedRoute } from './http/openapi.ts';
import { createServer } from './http/server.ts';
import { createPathSigner } from './http/signed-paths.ts';
import { readPageFiles } from './http/page-files.ts';
import { createSemaphore } from './http/semaphore.ts';
import { createProjectCopies } from './import/project-copies.ts';
import { checkKeys } from './http/key-source.ts';
import { createLeftThreads } from './process/left-threads.ts';
import { limits } from './domain/limits.ts';
import type { AdjustableLimits } from './domain/limits.ts';
import { faultEvent } from './domain/fault-event.ts';
import type { LogWriter } from '../shared/log.ts';
import type {
  FeatureExtractor,
  FeatureExtractorFacts,
  FeatureExtractorOptions,
} from './inference/feature-extractor.ts';
import { openInferencePool } from './inference/inference-pool.ts';
import { builtWorker, defaultDetectorDir } from './process/model-dir.ts';
import { serviceErrors } from './domain/service-error.ts';
import { makeDataFolder } from './store/database.ts';
import { lockDataFolder } from './store/data-lock.ts';
import { scrubPhotos } from './monitoring/photo-scrubber.ts';
import { keptKeys, keptLinkSecret } from './store/keys.ts';
import { openStore } from './store/store.ts';
import type { Store } from './store/store.ts';
import { headMark } from './training/head-file.ts';
import { trainingLog } from './training/training-log.ts';
import { createTrainingQueue } from './training/training-queue.ts';
import { openTrainingThread } from './training/training-thread.ts';

export interface EngineOptions {
  /** Folder of projects, photos and keys; made where it is missing. */
  readonly dataDir: string;
  /** Folder of `backbone.json` and its ONNX file. */
  readonly modelDir: string;
  /** Folder of the detector; where the set-up makes it, where it is not given. */
  readonly detectorDir?: string;
  /** Folder of the built page; the engine has none where it is not given. */
  readonly pageDir?: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** 127.0.0.1 where it is not given: other machines see the engine only if someone wants it. */
  readonly host?: string;
  /** Serves HTTPS; other hosts than this machine are refused without it. */
  readonly tls?: CertificateFiles;
  /** Serves other machines without TLS all the same: keys and pictures can be read on the way. */
  readonly plainHttp?: boolean;
  /** Made and kept in the data folder where they are not given. */
  readonly trainingKey?: string;
  readonly predictionKey?: string;
  /** Off by default: a fetch reaches into the network that the engine stands in. */
  readonly allowUrlFetch?: boolean;
  /** Cores for one picture; 1 where it is not given. */
  readonly threads?: number;
  /** Cores for a training, beside predictions; half of them where it is not given. */
  readonly trainingThreads?: number;
  /** How pictures are looked at: in threads of their own where it is not given. */
  readonly openFeatureExtractor?: (options: FeatureExtractorOptions) => Promise<FeatureExtractor>;
  /** Where the built `inference-worker.ts` lies; by the engine's own program where not given. */
  readonly inferenceWorkerUrl?: URL;
  /** Where the built `training-worker.ts` lies; by the engine's own program where not given. */
  readonly trainingWorkerUrl?: URL;
  readonly limits?: Partial<AdjustableLimits>;
  readonly onFault?: (error: unknown) => void;
  /** Told of all that an operator may want to know, faults included. */
  readonly onEvent?: LogWriter;
  /** Whether each answer is such an event. */
  readonly logRequests?: boolean;
}

export interface Engine extends EngineAccess {
  /**
   * Answers what is under way and refuses what is new, then stops; a second call waits too.
   * @throws what could not be closed, after all the rest was.
   */
  readonly close: () => Promise<void>;
  /** Resolves when no thread is left that did not end in time; see `endWithThreads`. */
  readonly threadsEnded: () => Promise<void>;
  /** Takes a renewed certificate now instead of at its next look; nothing without TLS. */
  readonly reloadCertificate: () => void;
  /** All that it answers, as it was registered. */
  readonly routes: readonly DescribedRoute[];
}

/**
 * @throws StoreError, KeyError, CertificateError, or Error that names the host, the port or the model's file.
 */
export async function startEngine(options: EngineOptions): Promise<Engine> {
  const { dataDir, modelDir, pageDir, port, host = '127.0.0.1', threads = 1 } = options;
  const fetchUrl = options.allowUrlFetch
    ? createPictureFetcher({
        running: limits.runningUrlFetches,
        runningPerHost: limits.runningUrlFetchesPerHost,
        waiting: limits.waitingUrlFetches,
      })
    : undefined;
  const rates: AdjustableLimits = { ...limits, ...options.limits };
  const onEvent = options.onEvent ?? (() => undefined);
  const onFault = (error: unknown): void => {
    options.onFault?.(error);
    onEvent(faultEvent(error));
  };
  const leftThreads = createLeftThreads();
  const openThreads = (extractor: FeatureExtractorOptions): Promise<FeatureExtractor> =>
    openInferencePool({
      ...extractor,
      workerUrl: options.inferenceWorkerUrl ?? builtWorker(import.meta.url, 'inference-worker'),
      size: rates.runningPredictions,
      othersAfterMs: limits.otherInferenceThreadsAfterMs,
      inferenceTimeoutMs: limits.inferenceTimeoutMs,
      retryMs: limits.inferenceThreadRetryMs,
      closeTimeoutMs: limits.closeTimeoutMs,
      onLeft: leftThreads.add,
      onFault,
    });
  checkExposure(options, host);
  const certificate = options.tls && loadCertificate(options.tls);

  // Taken away in the opposite order, at the end or where the start fails half-way.
  const disposables: Dispose[] = [];
  try {
    makeDataFolder(dataDir);
    disposables.push(await lockDataFolder(dataDir, 'engine'));
    const store = openStore(dataDir, {
      storedPredictions: rates.storedPredictionsPerProject,
    });
    disposables.push(store.close);
    store.check();
    const keys = keysOf(options);
    const detectorDir = options.detectorDir ?? defaultDetectorDir(import.meta.url);
    const extractor = await (options.openFeatureExtractor ?? openThreads)({
      modelDir,
      detectorDir,
      threads,
    });
    disposables.push(extractor.close);
    beginAgain(store, extractor, onEvent);
    const classifier = createClassifier(store, extractor);
    const finder = extractor.proposes ? createFinder({ classifier, extractor }) : undefined;
    warmPublished(store, classifier, onFault);
    const linkSecret = keptLinkSecret(dataDir);
    const modelExports = createModelExports({
      dataDir,
      modelDir,
      backboneId: extractor.backboneId,
      iterations: store.iterations,
      onFault,
    });
    disposables.push(modelExports.settled);
    await modelExports.sweep();
    const copies = createProjectCopies({ store, onEvent, onFault });
    disposables.push(copies.stop);
    const metrics = new Registry();
    const enter = createSemaphore(
      { running: rates.runningPredictions, waiting: rates.waitingPredictions },
      serviceErrors.rateLimited,
    );
    const photoScrubber = scrubPhotos({ store, onEvent, onFault });
    disposables.push(photoScrubber.stop);
    const health = createHealth({
      dataDir,
      modelDir,
      diskSpareBytes: rates.diskSpareBytes,
      damagedPhotos: photoScrubber.damaged,
      certificateExpiresAt: () => freshCertificate?.expiresAt(),
    });
    const trainingQueue = createTrainingQueue({
      store,
      openThread: () =>
        openTrainingThread({
          workerUrl: options.trainingWorkerUrl ?? builtWorker(import.meta.url, 'training-worker'),
          dataDir,
          modelDir,
          detectorDir,
          threads: options.trainingThreads ?? Math.max(1, Math.floor(availableParallelism() / 2)),
          closeTimeoutMs: limits.closeTimeoutMs,
          onLeft: leftThreads.add,
        }),
      onEvent: (event) => trainingLog(event).forEach(onEvent),
      onFault,
    });
    disposables.push(trainingQueue.close);
    const server = createServer({
      backboneId: extractor.backboneId,
      keys: { prediction: keys.predictionKey, training: keys.trainingKey },
      limits: rates,
      ...(certificate && { certificate }),
      metrics,
      health,
      prediction: { store, classifier, finder, enter, fetchUrl },
      training: {
        store,
        signer: createPathSigner(linkSecret),
        modelExports,
        copies,
        backboneId: extractor.backboneId,
        trainingQueue,
        classifier,
        finder,
        enter,
        fetchUrl,
      },
      page: pageDir === undefined ? new Map() : await readPageFiles(pageDir),
      onFault,
      ...(options.logRequests && { onRequest: onEvent }),
    });
    disposables.push(() => server.app.close());
    const { server: listener } = server.app;
    const freshCertificate =
      options.tls && certificate && listener instanceof TlsServer
        ? keepCertificateFresh(options.tls, certificate, listener, onEvent)
        : undefined;
    disposables.push(() => freshCertificate?.stop());
    disposables.push(
      addGauges(metrics, {
        store,
        waiting: enter.waiting,
        damaged: photoScrubber.damaged,
        dataDir,
      }),
    );

    await listen(() => server.app.listen({ port, host }), host, port);
    const address = listener.address();
    if (address === null || typeof address === 'string') {
      throw new Error('The engine has no port to be reached at.');
    }
    store.sweepOrphans().catch(onFault);
    const name = host.includes(':') ? `[${host}]` : host;
    const endpoint = `${certificate ? 'https' : 'http'}://${name}:${address.port}`;
    const projects = store.projects.summaries();
    onEvent({ level: 'info', event: 'started', endpoint, backbone: extractor.backboneId, dataDir });
    if (!certificate && !isLoopback(host)) {
      const message = 'Keys and pictures can be read on the way; give --tls-cert and --tls-key.';
      onEvent({ level: 'warn', event: 'plain-http', message });
    }

    copies.resume();
    let closing: Promise<void> | undefined;
    const close = async (): Promise<void> => {
      onEvent({ level: 'info', event: 'stopping' });
      await server.drain(limits.closeTimeoutMs);
      // A client that never ends its request must not keep the engine alive.
      listener.closeAllConnections();
      await disposeAll(disposables);
      onEvent({ level: 'info', event: 'stopped' });
    };
    return {
      endpoint,
      ...keys,
      projects,
      routes: server.routes,
      close: () => (closing ??= close()),
      threadsEnded: leftThreads.ended,
      reloadCertificate: () => freshCertificate?.reload(),
    };
  } catch (error) {
    // What it could not begin for is what its starter must know.
    await disposeAll(disposables).catch(onFault);
    throw error;
  }
}

function checkExposure({ tls, plainHttp }: EngineOptions, host: string): void {
  if (tls || plainHttp || isLoopback(host)) return;
  throw new Error(
    `Without TLS anybody in the network could read keys and pictures, so ${host} is not listened ` +
      'at. Give --tls-cert and --tls-key, or --plain-http if something in front does the TLS.',
  );
}

function isLoopback(host: string): boolean {
  if (isIP(host) === 4) return host.startsWith('127.');
  return host === '::1' || host === 'localhost';
}

/** Asked for by anybody, so it looks no more often than it must. */
function createHealth(options: HealthOptions): () => Promise<Health> {
  let kept: { health: Promise<Health>; atMs: number } | undefined;
  return () => {
    const nowMs = performance.now();
    if (!kept || nowMs - kept.atMs > limits.healthKeptMs) {
      kept = { health: checkHealth(options), atMs: nowMs };
    }
    return kept.health;
  };
}

/** An update may bring another backbone or form of heads, and those there are say nothing to it. */
function beginAgain(store: Store, { backboneId }: FeatureExtractorFacts, onEvent: LogWriter): void {
  for (const { iteration, former } of store.trainings.retrainForBackbone({
    backboneId,
    headMark,
  })) {
    onEvent({
      level: 'warn',
      event: 'training-again',
      projectId: former.projectId,
      iterationId: iteration.id,
      formerIterationId: former.id,
      trainedOn: former.backboneId,
      engineRuns: backboneId,
    });
  }
}

// One unusable head is told and must not keep the other projects from being served.
function warmPublished(
  store: Store,
  classifier: Classifier,
  onFault: (error: unknown) => void,
): void {
  for (const { id, publishedNames } of store.projects.summaries()) {
    for (const name of publishedNames) {
      try {
        const iteration = store.iterations.published(id, name);
        if (iteration && !store.iterations.isBeingReplaced(iteration.id)) {
          classifier.warm(iteration.id);
        }
      } catch (error) {
        onFault(error);
      }
    }
  }
}

function keysOf(options: EngineOptions): { predictionKey: string; trainingKey: string } {
  const { predictionKey, trainingKey, dataDir } = options;
  const kept =
    predictionKey === undefined || trainingKey === undefined ? keptKeys(dataDir) : undefined;
  const keys = {
    predictionKey: predictionKey ?? kept?.predictionKey ?? '',
    trainingKey: trainingKey ?? kept?.trainingKey ?? '',
  };
  checkKeys(keys);
  return keys;
}

const listenFaults: Record<string, string> = {
  EADDRINUSE: 'is already in use; stop the other program or choose another port',
  EACCES: 'may not be used by this user; choose one above 1023',
  EADDRNOTAVAIL: 'is not on this machine; choose another host',
};

async function listen(start: () => Promise<string>, host: string, port: number): Promise<void> {
  try {
    await start();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const fault = listenFaults[code] ?? 'cannot be listened at';
    throw new Error(`${host}:${port} ${fault}.`, { cause: error });
  }
}

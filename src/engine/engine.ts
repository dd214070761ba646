import { createClassifier } from './classifier.ts';
import type { Classifier } from './classifier.ts';
import { createModelExports } from './export/model-exports.ts';
import { createServer } from './http/server.ts';
import { createPathSigner } from './http/signed-paths.ts';
import { createLinkMaker } from './http/training/picture-links.ts';
import { readPageFiles } from './http/page-files.ts';
import { limits } from './limits.ts';
import { loadBackbone, warmUp } from './model/backbone.ts';
import type { Backbone } from './model/backbone.ts';
import { keptKeys, keptLinkSecret } from './store/keys.ts';
import { openStore } from './store/store.ts';
import type { ProjectSummary } from './store/project-store.ts';
import type { Store } from './store/store.ts';

export interface EngineOptions {
  /** Folder of projects, photos and keys; made where it is missing. */
  readonly dataDir: string;
  /** Folder of `backbone.json` and its ONNX file. */
  readonly modelDir: string;
  /** Folder of the built page; the engine has none where it is not given. */
  readonly pageDir?: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** 127.0.0.1 where it is not given: other machines see the engine only if someone wants it. */
  readonly host?: string;
  /** Made and kept in the data folder where they are not given. */
  readonly trainingKey?: string;
  readonly predictionKey?: string;
  /** Off by default: a fetch reaches into the network that the engine stands in. */
  readonly allowUrlFetch?: boolean;
  /** Cores for one picture; 1 where it is not given. */
  readonly threads?: number;
  readonly onFault?: (error: unknown) => void;
}

/** What a client must know to use the engine. */
export interface EngineReady {
  readonly endpoint: string;
  readonly predictionKey: string;
  readonly trainingKey: string;
  readonly projects: readonly ProjectSummary[];
}

export interface Engine extends EngineReady {
  /** Answers what is under way, then stops; a second call waits for the first. */
  readonly close: () => Promise<void>;
}

/** @throws StoreError, or Error that names the model's file or the port. */
export async function startEngine(options: EngineOptions): Promise<Engine> {
  const { dataDir, modelDir, pageDir, port, host = '127.0.0.1', threads = 1 } = options;
  const store = openStore(dataDir);
  let backbone: Backbone | undefined;
  try {
    const keys = keysOf(options);
    backbone = await loadBackbone({ modelDir, threads });
    await warmUp(backbone);
    const classifier = createClassifier(store, backbone);
    const onFault = options.onFault ?? (() => undefined);
    warmPublished(store, classifier, onFault);
    const linkSecret = keptLinkSecret(dataDir);
    const modelExports = createModelExports({
      dataDir,
      modelDir,
      backboneId: backbone.id,
      iterations: store.iterations,
      onFault,
    });
    await modelExports.sweep();
    const server = createServer({
      backboneId: backbone.id,
      prediction: {
        store,
        classifier,
        predictionKey: keys.predictionKey,
        allowUrlFetch: options.allowUrlFetch ?? false,
      },
      training: {
        store,
        trainingKey: keys.trainingKey,
        links: createLinkMaker(linkSecret),
        signer: createPathSigner(linkSecret),
        modelExports,
        allowUrlFetch: options.allowUrlFetch ?? false,
      },
      page: pageDir === undefined ? new Map() : await readPageFiles(pageDir),
      onFault,
    });
    await listen(() => server.listen({ port, host }), host, port);
    const address = server.server.address();
    if (address === null || typeof address === 'string') {
      throw new Error('The engine has no port to be reached at.');
    }
    let closing: Promise<void> | undefined;
    return {
      endpoint: `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`,
      ...keys,
      projects: store.projects.summaries(),
      close: () => (closing ??= shutDown(server, modelExports.settled, backbone, store)),
    };
  } catch (error) {
    await backbone?.close();
    store.close();
    throw error;
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
        if (iteration) classifier.warm(iteration.id);
      } catch (error) {
        onFault(error);
      }
    }
  }
}

function keysOf(options: EngineOptions): { predictionKey: string; trainingKey: string } {
  const { predictionKey, trainingKey, dataDir } = options;
  if (predictionKey !== undefined && trainingKey !== undefined)
    return { predictionKey, trainingKey };
  const kept = keptKeys(dataDir);
  return {
    predictionKey: predictionKey ?? kept.predictionKey,
    trainingKey: trainingKey ?? kept.trainingKey,
  };
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

async function shutDown(
  server: ReturnType<typeof createServer>,
  exportsSettled: () => Promise<void>,
  backbone: Backbone | undefined,
  store: Store,
): Promise<void> {
  // A client that never ends its request must not keep the engine alive.
  const deadline = setTimeout(() => server.server.closeAllConnections(), limits.closeTimeoutMs);
  try {
    await server.close();
  } finally {
    clearTimeout(deadline);
    await exportsSettled();
    await backbone?.close();
    store.close();
  }
}

import { fileURLToPath, pathToFileURL } from 'node:url';

const built = (name: string): URL => new URL(`../out/main/${name}.js`, import.meta.url);

/** The engine's command line as it was built. */
export const engineProgram = fileURLToPath(built('engine'));

/** Where an engine that was not built itself finds what it runs in threads. */
export const builtWorkers = {
  inferenceWorkerUrl: pathToFileURL(fileURLToPath(built('inference-worker'))),
  trainingWorkerUrl: pathToFileURL(fileURLToPath(built('training-worker'))),
};

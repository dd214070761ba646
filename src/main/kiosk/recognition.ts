import { cp, mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Catalogue } from '../../shared/catalogue.ts';
import { startEngineProcess } from '../engine-process/engine-process.ts';
import type { Log } from '../log.ts';
import type { Options } from '../options.ts';
import type { Paths } from '../paths.ts';
import { decide } from '../recognition/decide.ts';
import { openRecogniser } from '../recognition/recogniser.ts';
import type { RecognitionHealth } from '../recognition/recogniser.ts';
import type { Decision, Recogniser, RecognitionResult } from '../recognition/recognition.ts';
import { loadRecognitionSettings } from '../settings/recognition-settings.ts';
import type { RecognitionSettings } from '../settings/recognition-settings.ts';
import type { Shop } from './shop.ts';

/** Recognition for the whole run, whether its endpoint is there yet or not. */
export interface KioskRecognition extends Recogniser {
  readonly decide: (
    result: Extract<RecognitionResult, { kind: 'recognised' }>,
    catalogue: Catalogue,
  ) => Decision;
  /** Resolves when the first endpoint has been asked once; false where it does not work. */
  readonly ready: Promise<boolean>;
  readonly stop: () => Promise<void>;
}

/** The name under which set-up publishes the demo project. */
const demoModelName = 'demo';

/**
 * Opens recognition on the endpoint that is set, or on an engine of our own where none is. Until
 * it is ready a placement is answered as unavailable, so that the shopper finds it by hand.
 */
export function openRecognition(
  shop: Shop,
  options: Options,
  dataFolder: string,
  paths: Paths,
  health: (health: RecognitionHealth) => void,
  log: Log,
): KioskRecognition {
  let settings: RecognitionSettings | null = null;
  let open: ReturnType<typeof openRecogniser> | null = null;
  let engine: ReturnType<typeof startEngineProcess> | null = null;
  let stopped = false;
  const { keepsPictures } = shop.settings.store;

  const openOwnEngine = async (): Promise<unknown> => {
    const engineData = join(dataFolder, 'engine');
    await provideDemoProject(paths.demoProject, engineData);
    if (stopped) return null;
    engine = startEngineProcess(
      { entry: paths.engineEntry, dataFolder: engineData, modelFolder: paths.models },
      log,
    );
    const { endpoint, predictionKey, projects } = await engine.ready;
    const project = projects.find(({ publishedNames }) => publishedNames.includes(demoModelName));
    if (project === undefined) throw new Error('The engine has no project of the demo shop.');
    return {
      PredictionEndpoint: endpoint,
      PredictionKey: predictionKey,
      ProjectID: project.id,
      ModelName: demoModelName,
    };
  };

  const start = async (): Promise<boolean> => {
    // In the demo shop the environment has no say: half of another endpoint's settings would slip in.
    const loaded = await loadRecognitionSettings(
      shop.demo
        ? { explicit: await openOwnEngine(), env: {} }
        : {
            explicit: { ...shop.settings.recognition, KeepPictures: keepsPictures },
            configFile: options.config,
            env: process.env,
          },
    );
    if ('problems' in loaded) {
      for (const problem of loaded.problems) log('setting-refused', { ...problem });
      return false;
    }
    for (const note of loaded.notes) log('setting-noted', { ...note });
    if (stopped) return false;
    settings = loaded.settings;
    open = openRecogniser(settings, ({ purpose, outcome, httpMs, serverMs }) => {
      if (purpose === 'shopper') log('recognition-timed', { outcome, httpMs, serverMs });
    });
    open.onHealth(health);
    const state = await open.warm();
    health(state);
    if (state.first.kind === 'out') log('recognition-out', { ...state.first });
    return state.via !== 'none';
  };

  const ready = start().catch((error: unknown) => {
    log('recognition-failed', { error: String(error) });
    return false;
  });

  return {
    ready,
    recognise: (jpeg) =>
      open === null
        ? Promise.resolve({
            kind: 'unavailable',
            fault: 'unreachable',
            message: 'Recognition is not ready.',
            tookMs: 0,
          })
        : open.recognise(jpeg),
    decide: (result, catalogue) =>
      settings === null
        ? { kind: 'unknown', suggestions: [] }
        : decide(result.predictions, catalogue, settings.thresholds),
    stop: async () => {
      stopped = true;
      open?.close();
      await engine?.stop();
    },
  };
}

/** Lays the project that set-up trained into the kiosk's own engine folder, anew when it changed. */
async function provideDemoProject(source: string, target: string): Promise<void> {
  const stampName = '.freshlane-demo';
  const [theirs, ours] = await Promise.all(
    [source, target].map((folder) => readFile(join(folder, stampName), 'utf8').catch(() => null)),
  );
  if (theirs === null || theirs === undefined) {
    throw new Error(`The demo shop's project is not in ${source}; run the set-up again.`);
  }
  if (theirs === ours) return;
  await rm(target, { recursive: true, force: true });
  await mkdir(target, { recursive: true, mode: 0o700 });
  // The stamp comes last: a copy that was cut short is made anew.
  await cp(source, target, {
    recursive: true,
    filter: (path) => !path.endsWith(stampName),
  });
  await cp(join(source, stampName), join(target, stampName));
}

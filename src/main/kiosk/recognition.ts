import { cp, mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Catalogue } from '../../shared/catalogue.ts';
import { startEngineProcess } from '../engine-process/engine-process.ts';
import type { Log } from '../app/log.ts';
import type { Options } from '../app/options.ts';
import type { Paths } from '../app/paths.ts';
import { decide } from '../recognition/decide.ts';
import type { RecognitionHealth, RunningRecogniser } from '../recognition/recogniser.ts';
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
  /**
   * Whether a picture may be asked about that may be of no use: true for the kiosk's own engine
   * alone, for elsewhere every prediction may be billed, counted against a limit, or kept.
   */
  readonly mayLookAhead: () => boolean;
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
  health: (state: Pick<RecognitionHealth, 'via'>) => void,
  log: Log,
): KioskRecognition {
  let settings: RecognitionSettings | null = null;
  let open: RunningRecogniser | null = null;
  let engine: ReturnType<typeof startEngineProcess> | null = null;
  let stopped = false;
  let known: (works: boolean) => void = () => undefined;
  const ready = new Promise<boolean>((resolve) => {
    known = resolve;
  });

  const down = (): void => {
    health({ via: 'none' });
    known(false);
  };

  /** Asks the endpoint once, so that a wrong setting is known before the first shopper. */
  const openOn = async (loaded: RecognitionSettings): Promise<void> => {
    // The SDK takes longer to load than all the rest of main: the window does not wait for it.
    const { openRecogniser } = await import('../recognition/recogniser.ts');
    if (stopped) return;
    settings = loaded;
    open?.close();
    const opened = openRecogniser(loaded, ({ purpose, outcome, httpMs, serverMs }) => {
      if (purpose === 'shopper') log('recognition-timed', { outcome, httpMs, serverMs });
    });
    open = opened;
    opened.onHealth(health);
    const state = await opened.warm();
    if (open !== opened) return;
    health(state);
    if (state.first.kind === 'out') log('recognition-out', { ...state.first });
    known(state.via !== 'none');
  };

  const openSettings = async (
    sources: Parameters<typeof loadRecognitionSettings>[0],
  ): Promise<void> => {
    const loaded = await loadRecognitionSettings(sources);
    if ('problems' in loaded) {
      for (const problem of loaded.problems) log('setting-refused', { ...problem });
      down();
      return;
    }
    for (const note of loaded.notes) log('setting-noted', { ...note });
    await openOn(loaded.settings);
  };

  const openOwnEngine = async (): Promise<void> => {
    const engineData = join(dataFolder, 'engine');
    await provideDemoProject(paths.demoProject, engineData);
    if (stopped) return;
    let endpointOpen: string | null = null;
    engine = startEngineProcess({
      entry: paths.engineEntry,
      dataFolder: engineData,
      modelFolder: paths.models,
      log,
      onDown: down,
      onReady: ({ endpoint, predictionKey, projects }) => {
        const project = projects.find((each) => each.publishedNames.includes(demoModelName));
        if (project === undefined) {
          log('recognition-failed', { error: 'The engine has no project of the demo shop.' });
          down();
          return;
        }
        // Back on its old port it is found again by the recogniser's own probes, only sooner.
        if (endpoint === endpointOpen && open !== null) {
          void open.warm().then(health);
          return;
        }
        endpointOpen = endpoint;
        // The environment has no say here: half of another endpoint's settings would slip in.
        openSettings({
          explicit: {
            ...judgementOf(shop.settings.recognition),
            PredictionEndpoint: endpoint,
            PredictionKey: predictionKey,
            ProjectID: project.id,
            ModelName: demoModelName,
          },
          env: {},
        }).catch(failed);
      },
    });
  };

  const failed = (error: unknown): void => {
    log('recognition-failed', { error: String(error) });
    down();
  };

  const start = shop.demo
    ? openOwnEngine()
    : openSettings({
        explicit: {
          ...(shop.settings.store.keepsPictures ? { KeepPictures: true } : {}),
          ...shop.settings.recognition,
        },
        configFile: options.config,
        env: process.env,
      });
  start.catch(failed);

  return {
    ready,
    mayLookAhead: () => shop.demo && open !== null && !(settings?.keepPictures ?? true),
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

/** In the demo shop only what is made of an answer, and its deadline: the endpoint is its own. */
function judgementOf(recognition: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(recognition).filter(([name]) =>
      ['acceptprobability', 'acceptgap', 'askprobability', 'deadlinems'].includes(
        name.toLowerCase(),
      ),
    ),
  );
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

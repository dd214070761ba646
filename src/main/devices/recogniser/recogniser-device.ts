import type { Catalogue } from '../../../shared/catalogue.ts';
import type { Log } from '../../../shared/log.ts';
import type { Paths } from '../../app/paths.ts';
import { decide } from '../../recognition/decide.ts';
import { probePicture } from '../../recognition/probe-picture.ts';
import type { RunningRecogniser } from '../../recognition/recogniser.ts';
import type { Decision, Recogniser, RecognitionResult } from '../../recognition/recognition.ts';
import { loadRecognitionSettings } from '../../settings/recognition-settings.ts';
import type { RecognitionSettings } from '../../settings/recognition-settings.ts';
import type { Device, TestResult } from '../device.ts';
import { createStatusHolder } from '../status-holder.ts';
import { conditionOf, outOfService } from './recogniser-condition.ts';

/** Recognition for the whole run, whether its endpoint is there yet or not. */
export interface RecogniserDevice extends Device {
  readonly recogniser: Recogniser;
  readonly decide: (
    result: Extract<RecognitionResult, { kind: 'recognised' }>,
    catalogue: Catalogue,
  ) => Decision;
  /**
   * Whether a picture may be asked about that may be of no use: true for the kiosk's own engine
   * alone, for elsewhere every prediction may be billed, counted against a limit, or kept.
   */
  readonly mayLookAhead: () => boolean;
  /** Whether it was taught on pictures that show what lies beside an item too. */
  readonly wantsSurroundings: boolean;
  /** Resolves when the first endpoint has been asked once; false where it does not work. */
  readonly ready: Promise<boolean>;
}

/** What the app gives to a recogniser's driver. */
export interface RecogniserContext {
  readonly paths: Pick<Paths, 'demoProject' | 'engineEntry' | 'models'>;
  readonly dataFolder: string;
  /** The settings of recognition, as an operator wrote them. */
  readonly recognition: Readonly<Record<string, unknown>>;
  readonly keepsPictures: boolean;
  /** The lab's configuration file; null where none is named. */
  readonly configFile: string | null;
  readonly log: Log;
}

/** What a way to an endpoint can do with the recogniser that it opens. */
interface Opening {
  readonly openSettings: (sources: Parameters<typeof loadRecognitionSettings>[0]) => Promise<void>;
  /** Asks the endpoint again that is open; false where none is. */
  readonly askAgain: () => boolean;
  readonly down: () => void;
  readonly failed: (error: unknown) => void;
  readonly isStopped: () => boolean;
}

interface Started extends Pick<RecogniserDevice, 'wantsSurroundings'> {
  readonly mayLookAhead: boolean;
  readonly stop: () => Promise<void>;
}

export type Start = (context: RecogniserContext, opening: Opening) => Started;

/**
 * Until its endpoint is ready a placement is answered as unavailable, so that the shopper finds it by
 * hand.
 */
export function openRecogniserDevice(context: RecogniserContext, start: Start): RecogniserDevice {
  const { log } = context;
  const holder = createStatusHolder();
  let judged: RecognitionSettings | null = null;
  let open: RunningRecogniser | null = null;
  let stopped = false;
  let known: (works: boolean) => void = () => undefined;
  const ready = new Promise<boolean>((resolve) => {
    known = resolve;
  });

  const down = (): void => {
    holder.set(outOfService(null));
    known(false);
  };

  /** Asks the endpoint once, so that a wrong setting is known before the first shopper. */
  const openOn = async (loaded: RecognitionSettings): Promise<void> => {
    // The SDK takes longer to load than all the rest of main: the window does not wait for it.
    const { openRecogniser } = await import('../../recognition/recogniser.ts');
    if (stopped) return;
    judged = loaded;
    open?.close();
    const opened = openRecogniser(loaded, ({ purpose, outcome, httpMs, serverMs }) => {
      if (purpose === 'shopper') log.info('recognition-timed', { outcome, httpMs, serverMs });
    });
    open = opened;
    opened.onHealth((state) => holder.set(conditionOf(state)));
    const state = await opened.warm();
    if (open !== opened) return;
    holder.set(conditionOf(state));
    if (state.first.kind === 'out') log.warn('recognition-out', { ...state.first });
    known(state.via !== 'none');
  };

  const openSettings = async (
    sources: Parameters<typeof loadRecognitionSettings>[0],
  ): Promise<void> => {
    const loaded = await loadRecognitionSettings(sources);
    if ('problems' in loaded) {
      for (const problem of loaded.problems) log.error('setting-refused', { ...problem });
      down();
      return;
    }
    for (const note of loaded.notes) log.warn('setting-noted', { ...note });
    await openOn(loaded.settings);
  };

  const failed = (error: unknown): void => {
    log.error('recognition-failed', { error });
    down();
  };

  const started = start(context, {
    openSettings,
    askAgain: () => {
      const asked = open;
      if (asked === null) return false;
      void asked.warm().then((state) => holder.set(conditionOf(state)));
      return true;
    },
    down,
    failed,
    isStopped: () => stopped,
  });

  const recogniser: Recogniser = {
    recognise: (jpeg) => open?.recognise(jpeg) ?? Promise.resolve(notReady),
  };
  return {
    status: holder.status,
    onStatus: holder.onStatus,
    recogniser,
    ready,
    wantsSurroundings: started.wantsSurroundings,
    mayLookAhead: () => started.mayLookAhead && open !== null && !(judged?.keepPictures ?? true),
    decide: (result, catalogue) =>
      judged === null
        ? { kind: 'unknown', suggestions: [] }
        : decide(result.predictions, catalogue, judged.thresholds),
    test: () => recogniseProbe(recogniser),
    stop: async () => {
      stopped = true;
      open?.close();
      await started.stop();
    },
  };
}

const notReady: RecognitionResult = {
  kind: 'unavailable',
  fault: 'unreachable',
  message: 'Recognition is not ready.',
  tookMs: 0,
};

async function recogniseProbe(recogniser: Recogniser): Promise<TestResult> {
  const result = await recogniser.recognise(probePicture);
  const tookMs = Math.round(result.tookMs);
  return result.kind === 'recognised'
    ? { kind: 'passed', detail: `${result.predictions.length} tags answered.`, tookMs }
    : { kind: 'failed', message: result.message };
}

import { parseArgs } from 'node:util';
import { openRecogniser } from '../recognition/recogniser.ts';
import type {
  Recogniser,
  RecognitionFault,
  RecognitionResult,
} from '../recognition/recognition.ts';
import { loadRecognitionSettings } from '../settings/recognition-settings.ts';
import { readPictureToSend } from './picture-to-send.ts';

/** Where a run writes its lines, and the environment that it reads. */
interface Terminal {
  readonly out: (line: string) => void;
  readonly err: (line: string) => void;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** 0: every picture was classified. 1: at least one was not. 2: wrong use or wrong settings. */
type ExitStatus = 0 | 1 | 2;

const usage = `Usage: npm run classify -- [--json] [--config=FILE] FILE…

Classifies pictures with Custom Vision and prints each tag over 50 %.

  --config=FILE  PredictionEndpoint, PredictionKey, ProjectID and ModelName, as JSON or as
                 KEY=value lines; without it they come from the environment
  --json         a line of JSON for each file, with all predictions and the milliseconds`;

const shownProbability = 0.5;
/** Nobody stands at a till: a large picture over a slow line may take its time. */
const leastDeadlineMs = 15_000;

/** The lab's client: each file through the same recognition that the kiosk has. */
export async function classify(args: readonly string[], terminal: Terminal): Promise<ExitStatus> {
  const wanted = parseWanted(args);
  if (wanted.kind === 'help') {
    terminal.out(usage);
    return 0;
  }
  if (wanted.kind === 'wrong') {
    terminal.err(`${wanted.message}\n\n${usage}`);
    return 2;
  }
  const loaded = await loadRecognitionSettings({ configFile: wanted.config, env: terminal.env });
  if ('problems' in loaded) {
    for (const { setting, message } of loaded.problems) terminal.err(`${setting} ${message}.`);
    return 2;
  }
  for (const { setting, message } of loaded.notes) terminal.err(`Note: ${setting} ${message}.`);

  const { settings } = loaded;
  const recogniser = openRecogniser({
    ...settings,
    deadlineMs: Math.max(settings.deadlineMs, leastDeadlineMs),
  });
  try {
    const statuses: ExitStatus[] = [];
    for (const file of wanted.files) {
      const found = await classifyFile(file, recogniser);
      statuses.push(statusOf(found));
      if (found.kind === 'failed') terminal.err(`${file}: ${found.message}`);
      if (wanted.json) terminal.out(JSON.stringify(toJson(file, found)));
      else if (found.kind === 'recognised') terminal.out(`${file}: ${inWords(found)}`);
    }
    return statuses.reduce<ExitStatus>((one, other) => (one > other ? one : other), 0);
  } finally {
    recogniser.close();
  }
}

type Wanted =
  | { readonly kind: 'help' }
  | { readonly kind: 'wrong'; readonly message: string }
  | {
      readonly kind: 'files';
      readonly files: readonly string[];
      readonly json: boolean;
      readonly config: string | null;
    };

function parseWanted(args: readonly string[]): Wanted {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      strict: true,
      allowPositionals: true,
      options: {
        json: { type: 'boolean', default: false },
        config: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (values.help) return { kind: 'help' };
    if (values.config === '') return { kind: 'wrong', message: '--config names no file.' };
    if (positionals.length === 0) return { kind: 'wrong', message: 'No picture is named.' };
    const { json, config } = values;
    return { kind: 'files', files: positionals, json, config: config ?? null };
  } catch (error) {
    return { kind: 'wrong', message: error instanceof Error ? error.message : String(error) };
  }
}

type Recognised = Extract<RecognitionResult, { kind: 'recognised' }>;
type Found =
  | Recognised
  | {
      readonly kind: 'failed';
      /** `unreadable`: the file never left this machine. */
      readonly fault: RecognitionFault | 'unreadable';
      readonly message: string;
    };

async function classifyFile(file: string, recogniser: Recogniser): Promise<Found> {
  const picture = await readPictureToSend(file);
  if (picture.kind === 'problem') {
    return { kind: 'failed', fault: 'unreadable', message: `${picture.message}.` };
  }
  const result = await recogniser.recognise(picture.bytes);
  return result.kind === 'recognised'
    ? result
    : { kind: 'failed', fault: result.fault, message: result.message };
}

const settingFaults: ReadonlySet<string> = new Set<RecognitionFault>([
  'wrong-endpoint',
  'wrong-key',
  'wrong-project',
  'wrong-model-name',
  'wrong-project-type',
]);

function statusOf(found: Found): ExitStatus {
  if (found.kind === 'recognised') return 0;
  return settingFaults.has(found.fault) ? 2 : 1;
}

function toJson(file: string, found: Found): unknown {
  if (found.kind === 'failed') {
    return { file, error: { fault: found.fault, message: found.message } };
  }
  const ms = Math.round(found.tookMs * 10) / 10;
  return { file, predictions: found.predictions, ms, via: found.via };
}

function inWords({ predictions }: Recognised): string {
  const shown = predictions.filter(({ probability }) => probability > shownProbability);
  if (shown.length === 0) return 'nothing over 50 %';
  return shown
    .map(({ tagName, probability }) => `${tagName} ${(probability * 100).toFixed(1)} %`)
    .join(', ');
}

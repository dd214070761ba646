import { parseArgs } from 'node:util';

import { findDomain } from '../domain/domains.ts';
import type { KeySource } from '../http/key-source.ts';
import { adjustableLimits, limits } from '../domain/limits.ts';
import type { AdjustableLimits } from '../domain/limits.ts';
import { mostViews } from '../training/augmentation.ts';

/** A command line that is not understood; the message says which part. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export interface ServeCommand {
  readonly kind: 'serve';
  readonly dataDir: string;
  readonly modelDir?: string;
  readonly port: number;
  readonly host?: string;
  readonly trainingKey?: KeySource;
  readonly predictionKey?: KeySource;
  readonly allowUrlFetch: boolean;
  readonly tls?: { readonly certPath: string; readonly keyPath: string };
  readonly plainHttp: boolean;
  readonly logFile?: string;
  readonly logRequests: boolean;
  readonly limits: Partial<AdjustableLimits>;
  readonly threads?: number;
}

export interface TrainCommand {
  readonly kind: 'train';
  readonly dataDir: string;
  readonly modelDir?: string;
  readonly projectName: string;
  readonly folder: string;
  readonly domain?: string;
  readonly publishName?: string;
  readonly views?: number;
  readonly threads?: number;
}

export interface ImportCommand {
  readonly kind: 'import';
  readonly dataDir: string;
  readonly modelDir?: string;
  readonly endpoint: string;
  readonly trainingKey: KeySource;
  readonly projectId: string;
  readonly name?: string;
  readonly publishName?: string;
  readonly threads?: number;
}

export interface ImportFileCommand {
  readonly kind: 'import-file';
  readonly dataDir: string;
  readonly file: string;
  readonly name?: string;
}

export interface ExportCommand {
  readonly kind: 'export';
  readonly dataDir: string;
  readonly projectName: string;
  readonly file: string;
}

export interface BackupCommand {
  readonly kind: 'backup';
  readonly dataDir: string;
  readonly to: string;
}

export type Command =
  | ServeCommand
  | TrainCommand
  | ImportCommand
  | ImportFileCommand
  | ExportCommand
  | BackupCommand
  | { readonly kind: 'help' };

export const usage = `Usage: engine <command> [options]

  serve --data DIR --port N     answer Custom Vision's prediction API
    --host HOST                 listen there instead of 127.0.0.1
    --prediction-key-file FILE  the key is the file's one line; without them keys are
    --training-key-file FILE    made once and kept in DIR/keys.json
    --prediction-key K          seen by all users of the machine, as is
    --training-key K            whatever a command line has
    --tls-cert FILE             serve HTTPS with this certificate and
    --tls-key FILE              key (PEM); renewed files are taken by themselves
    --plain-http                serve other machines without TLS all the same
    --allow-url-fetch           fetch pictures that a request names by URL
    --log FILE                  events as JSON lines there alone, instead of stderr and
                                DIR/logs/engine.log
    --log-requests              each answer is an event too
    --limit NAME=N              set a limit otherwise, as often as needed; NAME is one of
${adjustableLimits.map((name) => `${' '.repeat(32)}${name} (${limits[name]})\n`).join('')}  train --data DIR --project NAME --from FOLDER
                                train on photos: a sub-folder is a tag,
                                _negative holds what is no product
    --domain NAME               general, food, retail or general-compact
    --publish NAME              publish the result under this name
    --views N                   look at each photo so many times, each time changed a little
                                more (by default the more often, the fewer photos there are)
  import --data DIR --from ENDPOINT --training-key-file FILE --project ID
                                bring a project out of Azure or another engine, train it
                                and compare; run again, it goes on where it was
    --training-key K            the key itself; seen by all users of the machine
    --name NAME                 call the project so here
    --publish NAME              publish the result under this name
  export --data DIR --project NAME --to FILE
                                write all of a project into one file
  import --data DIR --from-file FILE [--name NAME]
                                bring in what export wrote, on whatever machine
  backup --data DIR --to FOLDER copy all of a data folder, beside the engine that serves it
  What trains or serves takes --models DIR (the backbone's folder) and --threads N.

Keys that no option gives are taken from the environment: FRESHLANE_PREDICTION_KEY and
FRESHLANE_TRAINING_KEY by serve, FRESHLANE_SOURCE_TRAINING_KEY by import.
`;

const known = {
  data: { type: 'string' },
  models: { type: 'string' },
  threads: { type: 'string' },
  port: { type: 'string' },
  host: { type: 'string' },
  'training-key': { type: 'string' },
  'training-key-file': { type: 'string' },
  'prediction-key': { type: 'string' },
  'prediction-key-file': { type: 'string' },
  'allow-url-fetch': { type: 'boolean' },
  'tls-cert': { type: 'string' },
  'tls-key': { type: 'string' },
  'plain-http': { type: 'boolean' },
  log: { type: 'string' },
  'log-requests': { type: 'boolean' },
  limit: { type: 'string', multiple: true },
  project: { type: 'string' },
  from: { type: 'string' },
  domain: { type: 'string' },
  publish: { type: 'string' },
  views: { type: 'string' },
  name: { type: 'string' },
  to: { type: 'string' },
  'from-file': { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

const belongsTo = {
  serve: [
    'data',
    'models',
    'threads',
    'port',
    'host',
    'training-key',
    'training-key-file',
    'prediction-key',
    'prediction-key-file',
    'allow-url-fetch',
    'tls-cert',
    'tls-key',
    'plain-http',
    'log',
    'log-requests',
    'limit',
  ],
  train: ['data', 'models', 'threads', 'project', 'from', 'domain', 'publish', 'views'],
  import: [
    'data',
    'models',
    'threads',
    'from',
    'from-file',
    'training-key',
    'training-key-file',
    'project',
    'name',
    'publish',
  ],
  export: ['data', 'project', 'to'],
  backup: ['data', 'to'],
} as const satisfies Record<string, readonly (keyof typeof known)[]>;

type CommandName = keyof typeof belongsTo;

const commands = Object.keys(belongsTo) as CommandName[];

type TextOption = Exclude<
  keyof typeof known,
  'help' | 'allow-url-fetch' | 'plain-http' | 'log-requests' | 'limit'
>;

/** Variables of the environment that keys are taken from. */
const keyVariables = {
  prediction: 'FRESHLANE_PREDICTION_KEY',
  training: 'FRESHLANE_TRAINING_KEY',
  // Another one, so that an engine's own key is never sent to a stranger.
  source: 'FRESHLANE_SOURCE_TRAINING_KEY',
} as const;

/** @throws UsageError */
export function parseCommand(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Command {
  const { values, positionals } = parse(args);
  const [wanted, ...rest] = positionals;
  if (values.help || (wanted === undefined && args.length === 0)) return { kind: 'help' };
  const command = commands.find((each) => each === wanted);
  if (!command) {
    throw new UsageError(
      wanted === undefined ? `Say ${commands.join(' or ')}.` : `There is no command "${wanted}".`,
    );
  }
  if (rest.length > 0) throw new UsageError(`"${rest.join(' ')}" is not understood.`);
  for (const name of Object.keys(values)) {
    if (!belongsTo[command].some((option) => option === name)) {
      throw new UsageError(`${command} takes no --${name}.`);
    }
  }

  const text = (name: TextOption): string => {
    const value = values[name];
    if (value === undefined || value === '') throw new UsageError(`--${name} is missing.`);
    return value;
  };
  const keyOf = (kind: 'prediction' | 'training', variable: string): KeySource | undefined => {
    const option = `${kind}-key` as const;
    const file = `${option}-file` as const;
    if (values[option] !== undefined && values[file] !== undefined) {
      throw new UsageError(`--${option} and --${file} do not go together.`);
    }
    if (values[file] !== undefined) return { kind: 'file', path: text(file) };
    if (values[option] !== undefined) return { kind: 'text', key: text(option) };
    const key = environment[variable];
    return key ? { kind: 'text', key } : undefined;
  };
  const common = {
    dataDir: text('data'),
    ...(values.models !== undefined && { modelDir: text('models') }),
    ...(values.threads !== undefined && {
      threads: wholeNumber('threads', text('threads'), 1, 64),
    }),
  };
  if (command === 'serve') {
    const trainingKey = keyOf('training', keyVariables.training);
    const predictionKey = keyOf('prediction', keyVariables.prediction);
    return {
      kind: 'serve',
      ...common,
      port: wholeNumber('port', text('port'), 0, 65_535),
      ...(values.host !== undefined && { host: text('host') }),
      ...(trainingKey && { trainingKey }),
      ...(predictionKey && { predictionKey }),
      allowUrlFetch: values['allow-url-fetch'] ?? false,
      ...((values['tls-cert'] !== undefined || values['tls-key'] !== undefined) && {
        tls: { certPath: text('tls-cert'), keyPath: text('tls-key') },
      }),
      plainHttp: values['plain-http'] ?? false,
      ...(values.log !== undefined && { logFile: text('log') }),
      logRequests: values['log-requests'] ?? false,
      limits: Object.fromEntries((values.limit ?? []).map(limit)),
    };
  }
  if (command === 'export') {
    const { dataDir } = common;
    return { kind: 'export', dataDir, projectName: text('project'), file: text('to') };
  }
  if (command === 'backup') {
    return { kind: 'backup', dataDir: common.dataDir, to: text('to') };
  }
  if (command === 'import' && values['from-file'] !== undefined) {
    for (const name of [
      'from',
      'training-key',
      'training-key-file',
      'project',
      'publish',
    ] as const) {
      if (values[name] !== undefined) {
        throw new UsageError(`--from-file and --${name} do not go together.`);
      }
    }
    return {
      kind: 'import-file',
      dataDir: common.dataDir,
      file: text('from-file'),
      ...(values.name !== undefined && { name: text('name') }),
    };
  }
  if (command === 'import') {
    const trainingKey = keyOf('training', keyVariables.source);
    if (!trainingKey) throw new UsageError('--training-key-file is missing.');
    return {
      kind: 'import',
      ...common,
      endpoint: text('from'),
      trainingKey,
      projectId: text('project'),
      ...(values.name !== undefined && { name: text('name') }),
      ...(values.publish !== undefined && { publishName: text('publish') }),
    };
  }
  if (values.domain !== undefined && findDomain(values.domain)?.type !== 'Classification') {
    throw new UsageError(`--domain ${values.domain} is no domain for classification.`);
  }
  return {
    kind: 'train',
    ...common,
    projectName: text('project'),
    folder: text('from'),
    ...(values.domain !== undefined && { domain: text('domain') }),
    ...(values.publish !== undefined && { publishName: text('publish') }),
    ...(values.views !== undefined && {
      views: wholeNumber('views', text('views'), 1, mostViews),
    }),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: known, allowPositionals: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function wholeNumber(name: string, text: string, least: number, most: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new UsageError(`--${name} must be a whole number from ${least} to ${most}, not "${text}".`);
}

function limit(setting: string): [string, number] {
  const [name = '', value = '', ...rest] = setting.split('=');
  if (!adjustableLimits.some((each) => each === name) || rest.length > 0) {
    throw new UsageError(
      `--limit ${setting} is not understood; it is NAME=N with NAME one of ` +
        `${adjustableLimits.join(', ')}.`,
    );
  }
  return [name, wholeNumber(`limit ${name}`, value, 1, Number.MAX_SAFE_INTEGER)];
}

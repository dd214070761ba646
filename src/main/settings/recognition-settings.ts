import { z } from 'zod';
import { isLoopback } from '../recognition/proxy.ts';
import { readConfigFile } from './recognition-config-file.ts';

/** Where and as what one published model is asked. */
export interface EndpointSettings {
  /** Without `/customvision/…` and without a slash at its end. */
  readonly predictionEndpoint: string;
  readonly predictionKey: string;
  readonly projectId: string;
  readonly modelName: string;
}

/** Probabilities from 0 to 1, see decide.ts. */
export interface DecisionThresholds {
  readonly acceptProbability: number;
  readonly acceptGap: number;
  readonly askProbability: number;
}

export interface RecognitionSettings {
  readonly first: EndpointSettings;
  readonly second: EndpointSettings | null;
  /** True lets the service keep the pictures (`classifyImage`), for training on them later. */
  readonly keepPictures: boolean;
  /** For a whole recognition: every try and both endpoints. */
  readonly deadlineMs: number;
  readonly thresholds: DecisionThresholds;
}

/** `message` continues a sentence that begins with the setting's name; it never holds a key. */
export interface RecognitionSettingNote {
  readonly setting: string;
  readonly message: string;
}

export type RecognitionSettingsResult =
  /** `notes` is what was understood, but is worth a look. */
  | { readonly settings: RecognitionSettings; readonly notes: readonly RecognitionSettingNote[] }
  | { readonly problems: readonly RecognitionSettingNote[] };

interface RecognitionSettingsSources {
  /** The app's own settings, parsed from unknown like the rest. They go before the file. */
  readonly explicit?: unknown;
  /** The path that `--config=FILE` names. It goes before the environment. */
  readonly configFile?: string | null;
  readonly env: Readonly<Record<string, string | undefined>>;
}

interface Source {
  readonly name: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/** Reads the file, if one is named, and judges all settings. */
export async function loadRecognitionSettings(
  sources: RecognitionSettingsSources,
): Promise<RecognitionSettingsResult> {
  const found: Source[] = [];
  const explicit = z.record(z.string(), z.unknown()).safeParse(sources.explicit ?? {});
  if (!explicit.success) {
    return { problems: [{ setting: 'recognition', message: 'is not an object of settings' }] };
  }
  found.push({ name: 'the settings', values: explicit.data });
  if (sources.configFile) {
    const file = await readConfigFile(sources.configFile);
    if (file.kind === 'problem') {
      return { problems: [{ setting: `--config=${sources.configFile}`, message: file.message }] };
    }
    found.push({ name: sources.configFile, values: file.values });
  }
  found.push({ name: 'the environment', values: sources.env });
  return judgeRecognitionSettings(found);
}

type Noted<T> = { readonly value: T; readonly note: string | null };

const azureHost = /\.(azure\.com|azure\.us|azure\.cn|microsoft\.com)$/;
const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const placeholder = /^(<.*>|\[.*\]|your[ _-].*|.*_here|xxx+|todo)$/i;

const text = z
  .string('is not a text')
  .trim()
  .refine((value) => !placeholder.test(value), 'still holds the placeholder of its template');

const predictionEndpoint = text.transform((raw, context): Noted<string> => {
  const refuse = (message: string): never => {
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  };
  if (!/^[a-z][a-z\d+.-]*:\/\//i.test(raw)) {
    return refuse('is not a URL: it begins with https://, or http:// for an engine in the store');
  }
  let url: URL;
  try {
    url = new URL(raw);
  } catch {
    return refuse('is not a URL');
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    return refuse('is not an address that begins with https:// or http://');
  }
  if (url.username !== '' || url.password !== '') {
    return refuse('holds a user name or password: only the PredictionKey opens the service');
  }
  const notes: string[] = [];
  if (url.protocol === 'http:' && azureHost.test(url.hostname)) {
    return refuse('begins with http://: Azure answers to https:// only');
  }
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    notes.push(
      'is http:// on another machine: the key and the pictures cross the network readably',
    );
  }
  const portalPath = url.pathname.search(/\/customvision(\/|$)/i);
  const path = portalPath === -1 ? url.pathname : url.pathname.slice(0, portalPath);
  if (portalPath !== -1) {
    notes.push("was the portal's whole prediction URL: only the part before /customvision is used");
  } else if (url.search !== '' || url.hash !== '') {
    notes.push('has a part behind ? or #, which is not used');
  }
  return {
    value: `${url.origin}${path.replace(/\/+$/, '')}`,
    note: notes.length === 0 ? null : notes.join('; '),
  };
});

const predictionKey = text
  .refine((value) => !value.includes('://'), 'looks like an endpoint, not like a key')
  .refine((value) => /^[\x21-\x7e]*$/.test(value), 'holds characters that no key has')
  .refine(
    (value) => !guid.test(value),
    "looks like a project's id, not like a key: is it the ProjectID?",
  )
  .transform(plain);

const projectId = text
  .transform((value) => value.replace(/^\{(.*)\}$/, '$1'))
  .refine(
    (value) => guid.test(value),
    "is not a project's id: the portal shows it in the project's settings, " +
      'such as 6f8a1c2e-0b5d-4e7f-9a3c-1d2e3f4a5b6c',
  )
  .transform(plain);

const modelName = text
  .refine(
    (value) => !value.includes('/'),
    'is not a published name: it is the name given at "Publish", such as fruit-classifier',
  )
  .transform(plain);

const truth = z
  .union([z.boolean(), z.stringbool()], 'is neither true nor false')
  .transform(plain<boolean>);

/** A number, or its text as the environment has it; what else coerces to 0 would accept anything. */
const numeric = z
  .union([z.number(), z.string().trim().min(1).transform(Number)], 'is not a number')
  .pipe(z.number('is not a number'));

const probability = numeric
  .pipe(z.number().min(0, 'is not from 0 to 1').max(1, 'is not from 0 to 1'))
  .transform(plain<number>);

const milliseconds = numeric
  .pipe(
    z
      .number()
      .int('is not a whole number of milliseconds')
      .min(100, 'is under 100 ms: no network answers so fast')
      .max(60_000, 'is over 60,000 ms: no shopper waits so long'),
  )
  .transform(plain<number>);

function plain<T>(value: T): Noted<T> {
  return { value, note: null };
}

const endpointSchemas = {
  PredictionEndpoint: predictionEndpoint,
  PredictionKey: predictionKey,
  ProjectID: projectId,
  ModelName: modelName,
} as const;

type EndpointName = keyof typeof endpointSchemas;
const endpointNames = Object.keys(endpointSchemas) as EndpointName[];

/** The setting's name with the reason why it is needed, as a sentence's end. */
const whatFor: Readonly<Record<EndpointName, string>> = {
  PredictionEndpoint: "the address of the prediction resource or of the store's engine",
  PredictionKey: 'the key of the prediction resource, not that of the training resource',
  ProjectID: "the project's id, shown in the project's settings",
  ModelName: 'the name under which the iteration was published',
};

/** Defaults measured on nothing but caution: a wrong line in the cart costs more than a question. */
export const defaultThresholds: DecisionThresholds = {
  acceptProbability: 0.7,
  acceptGap: 0.3,
  askProbability: 0.15,
};
const defaultDeadlineMs = 2000;

const knownNames = [
  ...endpointNames,
  ...endpointNames.map((name) => `Second${name}`),
  'KeepPictures',
  'DeadlineMs',
  'AcceptProbability',
  'AcceptGap',
  'AskProbability',
];
/** The lab's other settings, which its training client keeps in the same file. */
const labNames = ['TrainingEndpoint', 'TrainingKey', 'PredictionResourceID', 'ResourceID'];

/** The first source that has a setting (by name in any case, and not empty) decides it. */
function judgeRecognitionSettings(sources: readonly Source[]): RecognitionSettingsResult {
  const problems: RecognitionSettingNote[] = [];
  const notes: RecognitionSettingNote[] = [];

  const find = (name: string): { readonly raw: unknown; readonly source: string } | null => {
    for (const source of sources) {
      for (const [key, raw] of Object.entries(source.values)) {
        if (key.toLowerCase() !== name.toLowerCase() || isBlank(raw)) continue;
        return { raw, source: source.name };
      }
    }
    return null;
  };

  const read = <T>(name: string, schema: z.ZodType<Noted<T>>): T | null => {
    const found = find(name);
    if (found === null) return null;
    const parsed = schema.safeParse(found.raw);
    if (!parsed.success) {
      const message = parsed.error.issues[0]?.message ?? 'is not understood';
      problems.push({ setting: name, message: `${message} (from ${found.source})` });
      return null;
    }
    if (parsed.data.note !== null) {
      notes.push({ setting: name, message: `${parsed.data.note} (from ${found.source})` });
    }
    return parsed.data.value;
  };

  const readEndpoint = (prefix: '' | 'Second'): EndpointSettings | null => {
    const values: Partial<Record<EndpointName, string>> = {};
    for (const name of endpointNames) {
      if (find(prefix + name) === null) {
        problems.push({ setting: prefix + name, message: `is missing: ${whatFor[name]}` });
        continue;
      }
      const value = read<string>(prefix + name, endpointSchemas[name]);
      if (value !== null) values[name] = value;
    }
    const { PredictionEndpoint, PredictionKey, ProjectID, ModelName } = values;
    if (!PredictionEndpoint || !PredictionKey || !ProjectID || !ModelName) return null;
    return {
      predictionEndpoint: PredictionEndpoint,
      predictionKey: PredictionKey,
      projectId: ProjectID,
      modelName: ModelName,
    };
  };

  const first = readEndpoint('');
  const wantsSecond = endpointNames.some((name) => find(`Second${name}`) !== null);
  const second = wantsSecond ? readEndpoint('Second') : null;
  if (first !== null && second !== null && sameModel(first, second)) {
    notes.push({
      setting: 'SecondPredictionEndpoint',
      message: 'is the first endpoint again: when that one is out, this one is too',
    });
  }

  const thresholds: DecisionThresholds = {
    acceptProbability:
      read('AcceptProbability', probability) ?? defaultThresholds.acceptProbability,
    acceptGap: read('AcceptGap', probability) ?? defaultThresholds.acceptGap,
    askProbability: read('AskProbability', probability) ?? defaultThresholds.askProbability,
  };
  if (thresholds.askProbability > thresholds.acceptProbability) {
    problems.push({
      setting: 'AskProbability',
      message: 'is over AcceptProbability: what is sure enough to accept is worth a question too',
    });
  }
  const keepPictures = read('KeepPictures', truth) ?? false;
  const deadlineMs = read('DeadlineMs', milliseconds) ?? defaultDeadlineMs;
  for (const source of sources) noteUnknown(source, notes);

  if (problems.length > 0 || first === null) return { problems };
  return { settings: { first, second, keepPictures, deadlineMs, thresholds }, notes };
}

function noteUnknown(source: Source, notes: RecognitionSettingNote[]): void {
  // The environment is full of names that are not ours.
  if (source.name === 'the environment') return;
  const ours = new Set([...knownNames, ...labNames].map((name) => name.toLowerCase()));
  for (const key of Object.keys(source.values)) {
    if (ours.has(key.toLowerCase())) continue;
    notes.push({
      setting: key,
      message: `is no setting of recognition and is not used (from ${source.name})`,
    });
  }
}

function isBlank(raw: unknown): boolean {
  return raw === undefined || raw === null || (typeof raw === 'string' && raw.trim() === '');
}

function sameModel(one: EndpointSettings, other: EndpointSettings): boolean {
  return one.predictionEndpoint === other.predictionEndpoint && one.projectId === other.projectId;
}

import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseConfigText } from './recognition-config-file.ts';
import { loadRecognitionSettings } from './recognition-settings.ts';
import type { RecognitionSettingsResult } from './recognition-settings.ts';

const lab = {
  PredictionEndpoint: 'https://shop.cognitiveservices.azure.com/',
  PredictionKey: '0123456789abcdef0123456789abcdef',
  ProjectID: '6f8a1c2e-0b5d-4e7f-9a3c-1d2e3f4a5b6c',
  ModelName: 'fruit-classifier',
};
const second = {
  SecondPredictionEndpoint: 'http://127.0.0.1:8600',
  SecondPredictionKey: 'engine-key',
  SecondProjectID: 'aaaaaaaa-0b5d-4e7f-9a3c-1d2e3f4a5b6c',
  SecondModelName: 'shop',
};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'freshlane-recognition-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

function load(env: Record<string, string>, explicit?: unknown, configFile?: string) {
  return loadRecognitionSettings({ env, explicit, configFile: configFile ?? null });
}

function settingsOf(result: RecognitionSettingsResult) {
  if ('problems' in result) throw new Error(JSON.stringify(result.problems));
  return result.settings;
}

function problemsOf(result: RecognitionSettingsResult): string[] {
  if (!('problems' in result)) throw new Error('There are no problems.');
  return result.problems.map(({ setting, message }) => `${setting} ${message}`);
}

function notesOf(result: RecognitionSettingsResult): string[] {
  if (!('notes' in result)) throw new Error(JSON.stringify(result.problems));
  return result.notes.map(({ setting, message }) => `${setting} ${message}`);
}

describe('the four settings of the lab', () => {
  test('are enough, and the rest has defaults', async () => {
    const result = await load(lab);
    expect(result).toEqual({
      settings: {
        first: {
          predictionEndpoint: 'https://shop.cognitiveservices.azure.com',
          predictionKey: lab.PredictionKey,
          projectId: lab.ProjectID,
          modelName: 'fruit-classifier',
        },
        second: null,
        keepPictures: false,
        deadlineMs: 2000,
        thresholds: { acceptProbability: 0.7, acceptGap: 0.3, askProbability: 0.15 },
      },
      notes: [],
    });
  });

  test('go by the settings, then the file, then the environment, each by itself', async () => {
    const config = await file(
      'order.env',
      'PredictionKey=key-of-the-file\nProjectID=\nMODELNAME=model-of-the-file',
    );
    const result = await load(lab, { modelName: 'model-of-the-settings', ProjectID: ' ' }, config);
    expect(settingsOf(result).first).toEqual({
      predictionEndpoint: 'https://shop.cognitiveservices.azure.com',
      predictionKey: 'key-of-the-file',
      projectId: lab.ProjectID,
      modelName: 'model-of-the-settings',
    });
  });

  test('are read from JSON and from .env alike', async () => {
    const asJson = await file('lab.json', `\uFEFF${JSON.stringify(lab)}`);
    const asEnv = await file(
      'lab.env',
      [
        '# from the lab',
        `export PredictionEndpoint=${lab.PredictionEndpoint}   # the resource`,
        `PredictionKey = "${lab.PredictionKey}"`,
        '',
        `ProjectID='{${lab.ProjectID}}'`,
        'ModelName=fruit-classifier',
        'TrainingKey=not-used-here',
      ].join('\r\n'),
    );
    const json = await load({}, {}, asJson);
    expect(settingsOf(json).first.projectId).toBe(lab.ProjectID);
    expect(await load({}, {}, asEnv)).toEqual(json);
  });

  test('that are all missing are named one by one, with what they are for', async () => {
    expect(problemsOf(await load({}))).toEqual([
      "PredictionEndpoint is missing: the address of the prediction resource or of the store's engine",
      'PredictionKey is missing: the key of the prediction resource, not that of the training resource',
      "ProjectID is missing: the project's id, shown in the project's settings",
      'ModelName is missing: the name under which the iteration was published',
    ]);
  });
});

const wrong: readonly [Record<string, unknown>, RegExp][] = [
  [{ PredictionEndpoint: 'shop.cognitiveservices.azure.com' }, /^PredictionEndpoint is not a URL/],
  [{ PredictionEndpoint: 'localhost:8600' }, /^PredictionEndpoint is not a URL/],
  [{ PredictionEndpoint: 'https://' }, /^PredictionEndpoint is not a URL/],
  [{ PredictionEndpoint: 'ftp://shop.example' }, /^PredictionEndpoint is not an address/],
  [{ PredictionEndpoint: 'https://me:secret@shop.example' }, /holds a user name or password/],
  [{ PredictionEndpoint: 'http://shop.cognitiveservices.azure.com' }, /Azure answers to https/],
  [{ PredictionEndpoint: 'YOUR_PREDICTION_ENDPOINT' }, /still holds the placeholder/],
  [{ PredictionEndpoint: 42 }, /^PredictionEndpoint is not a text/],
  [{ PredictionKey: 'https://shop.example' }, /^PredictionKey looks like an endpoint/],
  [{ PredictionKey: lab.ProjectID }, /^PredictionKey looks like a project's id/],
  [{ PredictionKey: 'two words' }, /^PredictionKey holds characters that no key has/],
  [{ PredictionKey: 'schlüssel' }, /^PredictionKey holds characters that no key has/],
  [{ PredictionKey: '<your key>' }, /^PredictionKey still holds the placeholder/],
  [{ ProjectID: 'Classify Fruit' }, /^ProjectID is not a project's id/],
  [{ ProjectID: '6f8a1c2e' }, /^ProjectID is not a project's id/],
  [{ ModelName: 'https://shop.example/fruit' }, /^ModelName is not a published name/],
  [{ ModelName: ['a'] }, /^ModelName is not a text/],
  [{ SecondPredictionEndpoint: 'http://127.0.0.1:1' }, /^SecondPredictionKey is missing/],
  [{ ...second, SecondProjectID: 'x' }, /^SecondProjectID is not a project's id/],
  [{ KeepPictures: 'maybe' }, /^KeepPictures is neither true nor false/],
  [{ DeadlineMs: 'soon' }, /^DeadlineMs is not a number/],
  [{ DeadlineMs: 10 }, /^DeadlineMs is under 100 ms/],
  [{ DeadlineMs: 600_000 }, /^DeadlineMs is over 60,000 ms/],
  [{ DeadlineMs: 1500.5 }, /^DeadlineMs is not a whole number/],
  [{ AcceptProbability: false }, /^AcceptProbability is not a number/],
  [{ AcceptGap: [] }, /^AcceptGap is not a number/],
  [{ DeadlineMs: '2s' }, /^DeadlineMs is not a number/],
  [{ AcceptProbability: 70 }, /^AcceptProbability is not from 0 to 1/],
  [{ AcceptGap: -0.1 }, /^AcceptGap is not from 0 to 1/],
  [{ AskProbability: 'NaN' }, /^AskProbability is not a number/],
  [{ AskProbability: 0.9 }, /^AskProbability is over AcceptProbability/],
];

describe('a wrong setting', () => {
  test.each(wrong)('%j', async (explicit, words) => {
    const problems = problemsOf(await load(lab, explicit));
    expect(problems[0]).toMatch(words);
    expect(JSON.stringify(problems)).not.toContain('secret');
  });

  test('is named with where it stands', async () => {
    const config = await file('wrong.env', 'ProjectID=fruit');
    const problems = problemsOf(await load({ ...lab, ModelName: 'a/b' }, {}, config));
    expect(problems).toEqual([
      expect.stringMatching(new RegExp(`^ProjectID .*\\(from ${config}\\)$`)),
      expect.stringMatching(/^ModelName .*\(from the environment\)$/),
    ]);
  });

  test('the whole of the settings that is no object', async () => {
    expect(problemsOf(await load(lab, 'all of them'))).toEqual([
      'recognition is not an object of settings',
    ]);
  });
});

describe('what is understood, but worth a look', () => {
  test("the portal's whole prediction URL is cut to its endpoint", async () => {
    const url = `https://shop.cognitiveservices.azure.com/customvision/v3.0/Prediction/${lab.ProjectID}/classify/iterations/fruit-classifier/image`;
    const result = await load({ ...lab, PredictionEndpoint: url });
    expect(settingsOf(result).first.predictionEndpoint).toBe(
      'https://shop.cognitiveservices.azure.com',
    );
    expect(notesOf(result)).toEqual([expect.stringContaining('whole prediction URL')]);
  });

  test.each([
    ['http://127.0.0.1:8600/', 'http://127.0.0.1:8600', 0],
    ['http://[::1]:8600', 'http://[::1]:8600', 0],
    ['http://localhost:8600/engine/', 'http://localhost:8600/engine', 0],
    ['http://engine.store.example:8600', 'http://engine.store.example:8600', 1],
    ['https://gate.example/shop/CustomVision/v3.1', 'https://gate.example/shop', 1],
    ['https://gate.example/?a=1', 'https://gate.example', 1],
  ])('%s', async (PredictionEndpoint, endpoint, notes) => {
    const result = await load({ ...lab, PredictionEndpoint });
    expect(settingsOf(result).first.predictionEndpoint).toBe(endpoint);
    expect(notesOf(result)).toHaveLength(notes);
  });

  test('a second endpoint that is the first again', async () => {
    const again = {
      ...second,
      SecondPredictionEndpoint: lab.PredictionEndpoint,
      SecondProjectID: lab.ProjectID,
    };
    expect(notesOf(await load({ ...lab, ...again }))).toEqual([
      expect.stringMatching(/^SecondPredictionEndpoint is the first endpoint again/),
    ]);
  });

  test('a name that is no setting, in a file or the settings but not in the environment', async () => {
    const result = await load({ ...lab, HOME: '/home/kiosk' }, { AcceptProbabilty: 0.9 });
    expect(notesOf(result)).toEqual([
      'AcceptProbabilty is no setting of recognition and is not used (from the settings)',
    ]);
  });
});

test('the other settings are read as text and as values', async () => {
  const env = { ...lab, ...second, KeepPictures: 'true', DeadlineMs: '1500', AskProbability: '.2' };
  const settings = settingsOf(await load(env, { AcceptProbability: 0.8, AcceptGap: 0.4 }));
  expect(settings).toMatchObject({
    second: { predictionEndpoint: 'http://127.0.0.1:8600', modelName: 'shop' },
    keepPictures: true,
    deadlineMs: 1500,
    thresholds: { acceptProbability: 0.8, acceptGap: 0.4, askProbability: 0.2 },
  });
});

describe('a configuration file', () => {
  const broken: readonly [string, string, RegExp][] = [
    ['empty', '  \n', /is empty/],
    ['JSON that breaks off', '{\n"PredictionKey": "secret-key"', /is not (whole )?JSON/],
    ['JSON with an error', '{\n"PredictionKey": "secret-key",\n}', /is not JSON: look at line 3/],
    ['a JSON list', '["secret-key"]', /not an object of settings/],
    ['a line without =', 'ModelName=a\nsecret-key', /has a line 2 that is not KEY=value/],
    ['a picture', '\xff\xd8\xff\xe0secret-key', /has a line 1 that is not KEY=value/],
  ];
  test.each(broken)('%s is named, and not its content', (_name, text, words) => {
    const result = parseConfigText(text);
    expect(result).toMatchObject({ kind: 'problem', message: expect.stringMatching(words) });
    expect(JSON.stringify(result)).not.toContain('secret');
  });

  test('that is missing, a folder or far too large is named', async () => {
    const missing = join(folder, 'missing.env');
    expect(problemsOf(await load(lab, {}, missing))).toEqual([
      `--config=${missing} does not exist`,
    ]);
    const inner = join(folder, 'inner');
    await mkdir(inner);
    expect(problemsOf(await load(lab, {}, inner))).toEqual([
      `--config=${inner} is a folder, not a file`,
    ]);
    const large = await file('large.env', '#'.repeat(1_000_001));
    expect(problemsOf(await load(lab, {}, large))).toEqual([
      `--config=${large} is over 1 MB: that is no configuration`,
    ]);
  });

  // To root, nothing is forbidden.
  test.skipIf(process.getuid?.() === 0)('that may not be read is named', async () => {
    const closed = await file('closed.env', 'ModelName=a');
    await chmod(closed, 0);
    expect(problemsOf(await load(lab, {}, closed))).toEqual([
      `--config=${closed} may not be read by this user`,
    ]);
  });
});

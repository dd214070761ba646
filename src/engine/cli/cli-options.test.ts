import { describe, expect, test } from 'vitest';

import { parseCommand, usage, UsageError } from './cli-options.ts';
import { adjustableLimits, limits } from '../domain/limits.ts';

const parse = (line: string, environment: Record<string, string> = {}) =>
  parseCommand(line === '' ? [] : line.split(' '), environment);

test('serve takes its options', () => {
  expect(
    parse(
      'serve --data d --port 0 --host ::1 --prediction-key p --training-key t --allow-url-fetch ' +
        '--tls-cert c --tls-key k --plain-http --log l --log-requests ' +
        '--limit connections=9 --limit predictionsPerSecond=20',
    ),
  ).toEqual({
    kind: 'serve',
    dataDir: 'd',
    port: 0,
    host: '::1',
    predictionKey: { kind: 'text', key: 'p' },
    trainingKey: { kind: 'text', key: 't' },
    allowUrlFetch: true,
    tls: { certPath: 'c', keyPath: 'k' },
    plainHttp: true,
    logFile: 'l',
    logRequests: true,
    limits: { connections: 9, predictionsPerSecond: 20 },
  });
});

test('serve keeps to itself what it is not told', () => {
  expect(parse('serve --data d --port 0')).toEqual({
    kind: 'serve',
    dataDir: 'd',
    port: 0,
    allowUrlFetch: false,
    plainHttp: false,
    logRequests: false,
    limits: {},
  });
});

test.each(adjustableLimits)('the help names the limit %s', (name) => {
  expect(usage).toContain(`${name} (${limits[name]})`);
});

test('train takes its options', () => {
  expect(
    parse(
      'train --data d --project P --from f --domain Food --publish live --models m --threads 2 --views 3',
    ),
  ).toEqual({
    kind: 'train',
    dataDir: 'd',
    modelDir: 'm',
    threads: 2,
    views: 3,
    projectName: 'P',
    folder: 'f',
    domain: 'Food',
    publishName: 'live',
  });
});

test.each(['', '--help', 'serve -h'])('"%s" asks for help', (line) => {
  expect(parse(line)).toEqual({ kind: 'help' });
});

test.each([
  ['sing --data d', '"sing"'],
  ['--data d', 'serve or train'],
  ['serve --port 1', '--data'],
  ['serve --data d', '--port'],
  ['serve --data d --port 65536', '--port'],
  ['serve --data d --port 1.5', '"1.5"'],
  ['serve --data d --port -1', '--port'],
  ['serve --data d --port 1 --publish x', '--publish'],
  ['serve --data d --port 1 --colour red', '--colour'],
  ['serve --data d --port 1 --tls-cert c', '--tls-key'],
  ['serve --data d --port 1 --tls-key k', '--tls-cert'],
  ['serve --data d --port 1 --limit pixels=1', 'pixels=1'],
  ['serve --data d --port 1 --limit connections', 'connections'],
  ['serve --data d --port 1 --limit connections=0', 'connections'],
  ['train --data d --project P --from f --log l', '--log'],
  ['serve here --data d --port 1', '"here"'],
  ['train --data d --project P', '--from'],
  ['train --data d --project P --from f --domain detection', 'detection'],
  ['train --data d --project P --from f --threads 0', '--threads'],
  ['train --data d --project P --from f --views 99', '--views'],
])('"%s" is refused, naming %s', (line, name) => {
  expect(() => parse(line)).toThrow(UsageError);
  expect(() => parse(line)).toThrow(name);
});

test('import takes a service or a file, and export a file', () => {
  expect(
    parse('import --data d --from https://x --training-key k --project p --name n --publish live'),
  ).toEqual({
    kind: 'import',
    dataDir: 'd',
    endpoint: 'https://x',
    trainingKey: { kind: 'text', key: 'k' },
    projectId: 'p',
    name: 'n',
    publishName: 'live',
  });
  expect(parse('import --data d --from-file f --name n')).toEqual({
    kind: 'import-file',
    dataDir: 'd',
    file: 'f',
    name: 'n',
  });
  expect(parse('export --data d --project P --to f')).toEqual({
    kind: 'export',
    dataDir: 'd',
    projectName: 'P',
    file: 'f',
  });
  expect(parse('backup --data d --to f')).toEqual({ kind: 'backup', dataDir: 'd', to: 'f' });
});

test.each([
  ['import --data d --from https://x --project p', '--training-key-file is missing'],
  [
    'import --data d --from https://x --project p --training-key k --training-key-file f',
    '--training-key and --training-key-file do not go together',
  ],
  [
    'import --data d --from-file f --training-key-file k',
    '--from-file and --training-key-file do not go together',
  ],
  ['import --data d --from-file f --project p', '--from-file and --project do not go together'],
  ['export --data d --project P', '--to is missing'],
  ['backup --data d', '--to is missing'],
  ['export --data d --project P --to f --name n', 'export takes no --name'],
])('%s is refused: %s', (line, words) => {
  expect(() => parse(line)).toThrow(words);
});

describe('a key', () => {
  const environment = {
    FRESHLANE_PREDICTION_KEY: 'ep',
    FRESHLANE_TRAINING_KEY: 'et',
    FRESHLANE_SOURCE_TRAINING_KEY: 'es',
  };
  const importing = 'import --data d --from https://x --project p';

  test('is in a file', () => {
    const line = 'serve --data d --port 0 --prediction-key-file p --training-key-file t';
    expect(parse(line, environment)).toMatchObject({
      predictionKey: { kind: 'file', path: 'p' },
      trainingKey: { kind: 'file', path: 't' },
    });
    expect(parse(`${importing} --training-key-file t`, environment)).toMatchObject({
      trainingKey: { kind: 'file', path: 't' },
    });
  });

  test('is in the environment, each command in its own variable', () => {
    expect(parse('serve --data d --port 0', environment)).toMatchObject({
      predictionKey: { kind: 'text', key: 'ep' },
      trainingKey: { kind: 'text', key: 'et' },
    });
    expect(parse(importing, environment)).toMatchObject({
      trainingKey: { kind: 'text', key: 'es' },
    });
  });

  test('is taken from an option before the environment', () => {
    expect(parse(`${importing} --training-key k`, environment)).toMatchObject({
      trainingKey: { kind: 'text', key: 'k' },
    });
  });
});

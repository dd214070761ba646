import { expect, test } from 'vitest';

import { parseCommand, UsageError } from './cli-options.ts';

const parse = (line: string) => parseCommand(line === '' ? [] : line.split(' '));

test('serve takes its options', () => {
  expect(
    parse(
      'serve --data d --port 0 --host ::1 --prediction-key p --training-key t --allow-url-fetch',
    ),
  ).toEqual({
    kind: 'serve',
    dataDir: 'd',
    port: 0,
    host: '::1',
    predictionKey: 'p',
    trainingKey: 't',
    allowUrlFetch: true,
  });
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
  ['serve here --data d --port 1', '"here"'],
  ['train --data d --project P', '--from'],
  ['train --data d --project P --from f --domain detection', 'detection'],
  ['train --data d --project P --from f --threads 0', '--threads'],
  ['train --data d --project P --from f --views 99', '--views'],
])('"%s" is refused, naming %s', (line, name) => {
  expect(() => parse(line)).toThrow(UsageError);
  expect(() => parse(line)).toThrow(name);
});

import { expect, test } from 'vitest';

import { logLine } from './log-line.ts';

const now = new Date(0);

/** The line of an event with these details, read back. */
function written(details: Record<string, unknown>): Record<string, unknown> {
  return JSON.parse(logLine({ level: 'info', event: 'seen', ...details }, now)) as never;
}

test('an event is one line of JSON, its time first, whatever its text holds', () => {
  const line = logLine({ level: 'warn', event: 'seen', text: 'two\nlines "quoted"' }, now);
  expect(line).toBe(
    '{"time":"1970-01-01T00:00:00.000Z","level":"warn","event":"seen","text":"two\\nlines \\"quoted\\""}\n',
  );
});

test.each([
  'predictionKey',
  'PredictionKey',
  'Prediction-Key',
  'SecondPredictionKey',
  'key',
  'pin',
  'staffPin',
  'pin_hash',
  'password',
  'linkSecret',
  'accessToken',
  'authorization',
  'Cookie',
  'predictionkey',
  'apikey',
  'APIKey',
  'PREDICTIONKEY',
  'sig',
])('what is called %s is not in it, however deep', (name) => {
  const secret = { [name]: 'abc-123' };
  const line = logLine({ level: 'info', event: 'seen', ...secret, in: [{ deep: secret }] }, now);
  expect(line).not.toContain('abc-123');
  expect(line.match(/\[redacted\]/g)).toHaveLength(2);
});

test.each(['keyboard', 'spins', 'shopping', 'opinion', 'tagKeyless', 'hotkeys', 'turkey'])(
  'what is called %s is',
  (name) => {
    expect(written({ [name]: 'abc-123' })).toMatchObject({ [name]: 'abc-123' });
  },
);

test.each([
  ['GET /predict?Prediction-Key=abc-123&x=1', 'GET /predict?Prediction-Key=[redacted]&x=1'],
  ['Training-Key: abc-123', 'Training-Key: [redacted]'],
  ['authorization: Bearer abc-123', 'authorization: Bearer [redacted]'],
  ['{"predictionKey":"abc-123","n":1}', '{"predictionKey":"[redacted]","n":1}'],
  ['pin=4711', 'pin=[redacted]'],
  ['http://user:abc-123@proxy:8080/', 'http://[redacted]@proxy:8080/'],
  ['key  :   abc-123 x', 'key  :   [redacted] x'],
  [
    '{\\"predictionKey\\":\\"abc-123\\",\\"n\\":1}',
    '{\\"predictionKey\\":\\"[redacted]\\",\\"n\\":1}',
  ],
  ["{ passphrase: 'two words', n: 1 }", "{ passphrase: '[redacted]', n: 1 }"],
  ['"password": "a \\" b", "n": 1', '"password": "[redacted]", "n": 1'],
  ['https://blob.example/a?sv=1&sig=abc-123&x=1', 'https://blob.example/a?sv=1&sig=[redacted]&x=1'],
  ["['Prediction-Key','abc-123']", "['Prediction-Key','[redacted]']"],
  ["{name:'Prediction-Key', value:'abc-123'}", "{name:'Prediction-Key', value:'[redacted]'}"],
  ['{"name":"apikey","value":"abc-123"}', '{"name":"apikey","value":"[redacted]"}'],
  ["Map { 'Prediction-Key' => 'abc-123' }", "Map { 'Prediction-Key' => '[redacted]' }"],
  ['{"name":"turkey","priceCents":5}', '{"name":"turkey","priceCents":5}'],
  ['The training key has 9 characters.', 'The training key has 9 characters.'],
  ['https://shop.example/a?b=c', 'https://shop.example/a?b=c'],
])('of the text %j, %j is written', (text, expected) => {
  expect(written({ text })['text']).toBe(expected);
  expect(written({ error: new Error(text) })['error']).toContain(`Error: ${expected}\n`);
});

test.each([
  [['Prediction-Key', 'abc-123']],
  [['Host', 'shop', 'Prediction-Key', 'abc-123']],
  [{ name: 'Prediction-Key', value: 'abc-123' }],
  [{ key: 'Prediction-Key', value: 'abc-123' }],
  [[{ header: 'authorization', value: 'abc-123' }]],
])('the value of the header %j is not in it', (headers) => {
  const line = logLine({ level: 'info', event: 'seen', headers }, now);
  expect(line).not.toContain('abc-123');
  expect(line).toContain('[redacted]');
});

test('other lists and values are', () => {
  const details = { list: ['a key', 'apple'], entry: { name: 'apple', value: 'red' } };
  expect(written(details)).toMatchObject(details);
});

test('an error is written with its causes, and these without secrets', () => {
  const cause = new Error('GET /?Prediction-Key=abc-123');
  const { error } = written({ error: new Error('It failed.', { cause }) });
  expect(error).toMatch(/^Error: It failed\.\n/);
  expect(error).toContain('\nCaused by: Error: GET /?Prediction-Key=[redacted]\n');
});

test('what JSON cannot hold is still told', () => {
  const circle: Record<string, unknown> = {};
  circle['itself'] = circle;
  expect(written({ circle })).toMatchObject({
    ...{ time: now.toISOString(), level: 'info', event: 'seen' },
    unwritable: expect.stringContaining('circular') as string,
  });
  expect(written({ count: 12n })).toMatchObject({ count: '12' });
});

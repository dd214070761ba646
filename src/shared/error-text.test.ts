import { expect, test } from 'vitest';

import { messageText, stackText } from './error-text.ts';

test('an error is told with its causes, each by its message or by where it came from', () => {
  const refused = new Error('connect ECONNREFUSED');
  const failed = new TypeError('fetch failed', { cause: refused });
  expect(messageText(failed)).toBe('fetch failed\nCaused by: connect ECONNREFUSED');
  expect(stackText(failed)).toBe(`${failed.stack}\nCaused by: ${refused.stack}`);
});

test('so are the errors of several, and what is none', () => {
  const errors = [new Error('first', { cause: 'a text' }), new Error('second')];
  const several = new AggregateError(errors, 'both failed');
  expect(messageText(several).split('\nCaused by: ')).toEqual([
    ...['both failed', 'first', 'a text', 'second'],
  ]);
  expect(messageText('only a text')).toBe('only a text');
});

test('a chain is followed five deep, a circle as well, and twenty are told in all', () => {
  let chain = new Error('0');
  for (let number = 1; number < 10; number += 1) chain = new Error(`${number}`, { cause: chain });
  expect(messageText(chain).split('\nCaused by: ')).toEqual(['9', '8', '7', '6', '5', '4']);
  const circle = new Error('itself');
  circle.cause = circle;
  expect(messageText(circle).split('\nCaused by: ')).toHaveLength(6);
  const wide = new AggregateError(Array.from({ length: 1_000 }, () => circle));
  expect(messageText(wide).split('\nCaused by: ')).toHaveLength(20);
});

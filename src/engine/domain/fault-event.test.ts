import { expect, test } from 'vitest';

import { faultEvent } from './fault-event.ts';

test('a fault is told with its causes, in its message and in its stack', () => {
  const cause = new Error('disk I/O error');
  const fault = new Error('The store is broken.', { cause });
  expect(faultEvent(fault)).toEqual({
    level: 'error',
    event: 'fault',
    message: 'The store is broken.\nCaused by: disk I/O error',
    stack: `${fault.stack}\nCaused by: ${cause.stack}`,
  });
  expect(faultEvent('a text')).toEqual({ level: 'error', event: 'fault', message: 'a text' });
});

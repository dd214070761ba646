import type { WebContents } from 'electron';
import { expect, it } from 'vitest';
import { demo } from '../../shared/contracts/demo.ts';
import { sendTo } from './send.ts';

it('sends what the audience is told, typed by its table, while there is a page to hear it', () => {
  const sent: unknown[] = [];
  let isCrashed = false;
  let contents: Pick<WebContents, 'send' | 'isCrashed'> | null = {
    send: (...message) => void sent.push(message),
    isCrashed: () => isCrashed,
  };
  const send = sendTo(demo, () => contents);
  send('demo:touchables-changed', []);
  isCrashed = true;
  send('demo:touchables-changed', []);
  contents = null;
  send('demo:touchables-changed', []);
  expect(sent).toEqual([['demo:touchables-changed', []]]);

  // @ts-expect-error an event of another audience
  send('kiosk:changed', []);
  // @ts-expect-error not what it is told
  send('demo:touchables-changed', [{ kind: 'shelf' }]);
});

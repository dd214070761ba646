import type { IpcMain, IpcMainInvokeEvent, WebContents } from 'electron';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { channels } from '../../shared/ipc.ts';
import type { Channel, Reply } from '../../shared/ipc.ts';
import { RequestError, answer, serveRequests } from './serve.ts';
import type { Handlers } from './serve.ts';

const pageUrl = 'app://kiosk/shopper/index.html';

function recordingHandlers(): { handlers: Handlers; calls: [Channel, unknown][] } {
  const calls: [Channel, unknown][] = [];
  const handlers = Object.fromEntries(
    channels.map((channel) => [
      channel,
      (argument: unknown) => {
        calls.push([channel, argument]);
        return null;
      },
    ]),
  ) as unknown as Handlers;
  return { handlers, calls };
}

const quiet = () => undefined;

describe('answer', () => {
  it('hands a good argument on', async () => {
    const { handlers, calls } = recordingHandlers();
    const argument = { lineId: 'line-1', quantity: 3 };
    expect(await answer('line:set-quantity', argument, handlers, quiet)).toEqual({
      ok: true,
      value: null,
    });
    expect(calls).toEqual([['line:set-quantity', argument]]);
  });

  it.each<[Channel, unknown]>([
    ['line:set-quantity', { lineId: 'line-1', quantity: 1.5 }],
    ['line:set-quantity', { lineId: 'line-1', quantity: 100 }],
    ['line:set-quantity', { lineId: 'line-1' }],
    ['line:remove', { lineId: '../../etc' }],
    ['line:remove', { lineId: 'line-1', more: true }],
    ['language:choose', { language: 'xx' }],
    ['sale:pay', { amountMinor: 1 }],
    ['sale:pay', { totalMinor: 0.5 }],
    ['ask:none', null],
    ['product:choose', { productId: 'lemon' }],
    ['product:choose', 'lemon'],
  ])('refuses %s with %j', async (channel, argument) => {
    const { handlers, calls } = recordingHandlers();
    expect(await answer(channel, argument, handlers, quiet)).toMatchObject({
      ok: false,
      code: 'bad-argument',
    });
    expect(calls).toEqual([]);
  });

  it('answers whatever it is given', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...channels), fc.anything(), async (channel, argument) => {
        const reply = await answer(channel, argument, recordingHandlers().handlers, quiet);
        expect(typeof reply.ok).toBe('boolean');
      }),
    );
  });

  it('tells a refusal by its code and keeps other failures to the log', async () => {
    const { handlers } = recordingHandlers();
    const throwing = (error: Error): Handlers => ({
      ...handlers,
      'sale:start': () => {
        throw error;
      },
    });
    expect(
      await answer('sale:start', null, throwing(new RequestError('empty-cart', 'Nothing.')), quiet),
    ).toEqual({ ok: false, code: 'empty-cart', message: 'Nothing.' });
    const hidden = await answer('sale:start', null, throwing(new Error('key=secret')), quiet);
    expect(hidden).toMatchObject({ ok: false, code: 'failed' });
    expect(JSON.stringify(hidden)).not.toContain('secret');
  });
});

describe('serveRequests', () => {
  const kiosk = {} as WebContents;
  const serve = () => {
    const registered = new Map<string, (event: IpcMainInvokeEvent, argument: unknown) => unknown>();
    const ipcMain: Pick<IpcMain, 'handle' | 'removeHandler'> = {
      handle: (channel, listener) => void registered.set(channel, listener),
      removeHandler: (channel) => void registered.delete(channel),
    };
    const { handlers, calls } = recordingHandlers();
    const stop = serveRequests(ipcMain, { window: () => kiosk, pageUrl }, handlers, quiet);
    const ask = (event: object) =>
      registered.get('sale:start')?.(event as IpcMainInvokeEvent, null) as Promise<Reply<null>>;
    return { registered, calls, stop, ask };
  };
  const frame = { url: pageUrl, parent: null };

  it('serves the main frame of the kiosk window', async () => {
    const { ask, calls } = serve();
    expect(await ask({ sender: kiosk, senderFrame: frame })).toEqual({ ok: true, value: null });
    expect(calls).toHaveLength(1);
  });

  it.each([
    ['another window', { sender: {}, senderFrame: frame }],
    ['another page', { sender: kiosk, senderFrame: { ...frame, url: 'https://example.com/' } }],
    ['a frame inside', { sender: kiosk, senderFrame: { ...frame, parent: {} } }],
    ['a frame that is gone', { sender: kiosk, senderFrame: null }],
  ])('refuses %s', async (_who, event) => {
    const { ask, calls } = serve();
    expect(await ask(event)).toMatchObject({ ok: false, code: 'refused-sender' });
    expect(calls).toEqual([]);
  });

  it('has a handler for every channel until it is stopped', () => {
    const { registered, stop } = serve();
    expect([...registered.keys()].toSorted()).toEqual([...channels].toSorted());
    stop();
    expect(registered.size).toBe(0);
  });
});

import type { IpcMain, IpcMainEvent, IpcMainInvokeEvent, WebContents } from 'electron';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contracts } from '../../shared/contracts/testing/contracts.ts';
import type { Contract, Handlers } from '../../shared/contracts/contract.ts';
import { request } from '../../shared/contracts/contract.ts';
import type { Reply } from '../../shared/contracts/refusal.ts';
import { shopper } from '../../shared/contracts/shopper.ts';
import { withRight } from '../../shared/contracts/staff.ts';
import type { StaffContract, TakesRight } from '../../shared/contracts/staff.ts';
import { nothing } from '../../shared/contracts/values.ts';
import { createLog } from '../../shared/log.ts';
import { RequestError, answer, serve } from './serve.ts';
import type { Guard } from './serve.ts';

/** As staff mode will have them. */
const withRights = {
  audience: 'staff',
  requests: { 'day:close': withRight('close-day', request(nothing)) },
  messages: {},
  events: {},
} satisfies StaffContract;

const quiet = createLog(() => undefined);
const pageOf = ({ audience }: Contract) => `app://${audience}/index.html`;

/** Somebody who may do all that there is. */
const rightsOf =
  ({ requests }: Contract) =>
  () =>
    new Set(
      Object.values(requests as Record<string, Partial<TakesRight>>).flatMap(
        ({ right }) => right ?? [],
      ),
    );

/** All that an audience can say, served as in the app to one window; who asks is up to the test. */
function served<C extends Contract>(
  contract: C,
  guard: Partial<Guard> = { rights: rightsOf(contract) },
) {
  const calls: [string, unknown][] = [];
  const logged: [string, Record<string, unknown>][] = [];
  const window = {} as WebContents;
  const channels = [...Object.keys(contract.requests), ...Object.keys(contract.messages)];
  const handlers = Object.fromEntries(
    channels.map((channel) => [
      channel,
      (argument: unknown) => {
        calls.push([channel, argument]);
        return null;
      },
    ]),
  ) as unknown as Handlers<C>;
  type Listener = (event: never, argument: unknown) => unknown;
  const registered = new Map<string, Listener>();
  const ipc = {
    handle: (channel: string, listener: Listener) => void registered.set(channel, listener),
    removeHandler: (channel: string) => void registered.delete(channel),
    on: (channel: string, listener: Listener) => void registered.set(channel, listener),
    removeListener: (channel: string) => void registered.delete(channel),
  } as unknown as Pick<IpcMain, 'handle' | 'removeHandler' | 'on' | 'removeListener'>;
  const stop = serve(
    contract,
    { window: () => window, pageUrl: pageOf(contract), ...guard },
    handlers,
    {
      ipc,
      log: createLog(({ level: _, event, ...details }) => logged.push([event, details])),
    },
  );
  const own = { sender: window, senderFrame: { url: pageOf(contract), parent: null } };
  const ask = async (channel: string, argument: unknown, event: object = own) =>
    (await registered.get(channel)?.(
      event as IpcMainEvent & IpcMainInvokeEvent & never,
      argument,
    )) as Reply<unknown> | undefined;
  return { registered, channels, calls, logged, own, window, ask, stop };
}

const all = contracts.flatMap((contract) =>
  [...Object.keys(contract.requests), ...Object.keys(contract.messages)].map((channel) => ({
    contract,
    channel,
    isRequest: channel in contract.requests,
  })),
);
const titled = all.map((each) => [each.channel, each] as const);

describe('every channel of every audience', () => {
  it('is one of many', () => {
    expect(all.length).toBeGreaterThan(45);
  });

  it.each(titled)('%s is refused to whoever is not its page', async (_name, each) => {
    const { contract, channel, isRequest } = each;
    const { ask, own, calls, logged } = served(contract);
    const other = contracts.find((one) => one !== contract)!;
    const strangers: readonly object[] = [
      // A frame inside the page, also one that shows the same address.
      { ...own, senderFrame: { ...own.senderFrame, parent: {} } },
      { ...own, senderFrame: { url: 'https://example.com/', parent: {} } },
      // Another page in the window; the page in another window; another audience's page in its own.
      { ...own, senderFrame: { ...own.senderFrame, url: 'https://example.com/' } },
      { ...own, senderFrame: { ...own.senderFrame, url: `${pageOf(contract)}?more` } },
      { ...own, sender: {} },
      { sender: {}, senderFrame: { url: pageOf(other), parent: null } },
      { ...own, senderFrame: { url: pageOf(other), parent: null } },
      // A frame that has gone meanwhile.
      { ...own, senderFrame: null },
    ];
    for (const stranger of strangers) {
      const reply = await ask(channel, null, stranger);
      if (isRequest) expect(reply).toMatchObject({ ok: false, code: 'refused-sender' });
    }
    expect(calls).toEqual([]);
    expect(logged.map(([event]) => event)).toEqual(strangers.map(() => 'ipc-refused'));
  });

  it.each(titled)('%s takes in nothing malformed', async (_name, each) => {
    const { contract, channel, isRequest } = each;
    const { ask, calls, logged } = served(contract);
    const malformed = [undefined, -1, Number.NaN, 'text', true, [null], {}, { more: 1 }];
    for (const argument of malformed) {
      const reply = await ask(channel, argument);
      if (isRequest) expect(reply).toMatchObject({ ok: false, code: 'bad-argument' });
    }
    expect(calls).toEqual([]);
    expect(logged).toEqual(
      malformed.map(() => ['ipc-bad-argument', { channel, message: expect.stringMatching(/\w/) }]),
    );
  });

  it.each(titled)('%s bears whatever it is given', async (_name, { contract, channel }) => {
    const { ask } = served(contract);
    await fc.assert(
      fc.asyncProperty(fc.anything(), async (argument) => {
        await ask(channel, argument);
      }),
      { numRuns: 30 },
    );
  });

  it.each(contracts.map((contract) => [contract.audience, contract] as const))(
    'has a handler for all of %s until it is stopped',
    (_audience, contract) => {
      const { registered, channels, stop } = served(contract);
      expect([...registered.keys()].toSorted()).toEqual(channels.toSorted());
      stop();
      expect(registered.size).toBe(0);
    },
  );

  it('is refused while there is no window', async () => {
    const { ask, calls } = served(shopper, { window: () => null });
    expect(await ask('sale:start', null)).toMatchObject({ code: 'refused-sender' });
    expect(calls).toEqual([]);
  });
});

describe('a request that takes a right', () => {
  it.each([
    ['nobody has signed in', { rights: () => null }, 'staff-locked'],
    ['nobody can', {}, 'staff-locked'],
    ['the right is another', { rights: () => new Set(['refund']) }, 'not-permitted'],
  ])('is refused where %s', async (_where, guard, code) => {
    const { ask, calls } = served(withRights, guard);
    expect(await ask('day:close', null)).toMatchObject({ ok: false, code });
    expect(calls).toEqual([]);
  });

  it('is served to whoever has it', async () => {
    const { ask, calls } = served(withRights, { rights: () => new Set(['close-day']) });
    expect(await ask('day:close', null)).toEqual({ ok: true, value: null });
    expect(calls).toEqual([['day:close', null]]);
  });

  it('is refused to another page, whoever has signed in', async () => {
    const { ask, own } = served(withRights, { rights: () => new Set(['close-day']) });
    expect(await ask('day:close', null, { ...own, sender: {} })).toMatchObject({
      code: 'refused-sender',
    });
  });
});

describe('what the page may ask', () => {
  it.each([
    ['sale:start', null],
    ['line:set-quantity', { lineId: 'line-1', quantity: 3 }],
    ['product:choose', { questionId: 'ask:1', productId: 'lemon' }],
  ])('%s is handed on with %j', async (channel, argument) => {
    const { ask, calls } = served(shopper);
    expect(await ask(channel, argument)).toEqual({ ok: true, value: null });
    expect(calls).toEqual([[channel, argument]]);
  });

  it.each([
    ['line:set-quantity', { lineId: 'line-1', quantity: 1.5 }],
    ['line:set-quantity', { lineId: 'line-1', quantity: 100 }],
    ['line:set-quantity', { lineId: 'line-1' }],
    ['line:remove', { lineId: '../../etc' }],
    ['line:remove', { lineId: 'line-1', more: true }],
    ['line:set-quantity', { lineId: 'line-1', quantity: 1, more: true }],
    ['product:choose', { questionId: 'ask:1', productId: 'lemon', more: true }],
    ['language:choose', { language: 'xx' }],
    ['sale:pay', { amountMinor: 1 }],
    ['sale:pay', { totalMinor: 0.5 }],
    ['ask:none', null],
    ['product:choose', { productId: 'lemon' }],
  ])('%s is refused with %j', async (channel, argument) => {
    const { ask, calls } = served(shopper);
    expect(await ask(channel, argument)).toMatchObject({ ok: false, code: 'bad-argument' });
    expect(calls).toEqual([]);
  });

  it('is refused by a code, and what breaks is for the log alone', async () => {
    const failing = (error: Error) =>
      ({
        'sale:start': () => {
          throw error;
        },
      }) as unknown as Handlers<typeof shopper>;
    const ask = (error: Error) => answer(shopper, 'sale:start', null, failing(error), quiet);
    expect(await ask(new RequestError('still-looking', 'Wait.'))).toEqual({
      ok: false,
      code: 'still-looking',
      message: 'Wait.',
    });
    const hidden = await ask(new Error('key=secret'));
    expect(hidden).toMatchObject({ ok: false, code: 'failed' });
    expect(JSON.stringify(hidden)).not.toContain('secret');
  });
});

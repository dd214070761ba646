import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { manualClock, turns } from '../../main/checkout/manual-clock.ts';
import type { ManualClock } from '../../main/checkout/manual-clock.ts';
import { openDemoTerminal } from './demo-terminal.ts';
import type { DemoBehaviour, DemoTerminal } from './demo-terminal.ts';
import type { PaymentOutcome } from '../../main/payment/terminal.ts';

const approved = { kind: 'approved', tender: 'Demo card ···· 4242', reference: 'demo-i' };
const intent = { intentId: 'i', amountMinor: 1234, currency: 'EUR' };

let folder: string;
let clock: ManualClock;
let terminals: DemoTerminal[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'freshlane-terminal-'));
  clock = manualClock();
  terminals = [];
});
afterEach(async () => {
  await Promise.all(terminals.map((terminal) => terminal.close()));
  await rm(folder, { recursive: true });
});

const journalFile = (): string => join(folder, 'terminal', 'journal.jsonl');

async function opened(behaviour: DemoBehaviour, keptPayments = 300): Promise<DemoTerminal> {
  const terminal = await openDemoTerminal({
    journalFile: journalFile(),
    clock,
    behaviour: () => behaviour,
    keptPayments,
  });
  terminals.push(terminal);
  return terminal;
}

/** Begins a payment and answers once the terminal waits for the card. */
async function begun(terminal: DemoTerminal, each = intent): Promise<Promise<PaymentOutcome>[]> {
  const waits = clock.scheduled();
  const outcome = terminal.pay(each);
  await waits;
  return [outcome];
}

test.each([
  ['approve', 1_500, approved],
  ['decline', 1_500, { kind: 'declined' }],
  ['slow', 8_000, approved],
] as const)('%s after %i ms', async (behaviour, answerMs, expected) => {
  const terminal = await opened(behaviour);
  const [outcome] = await begun(terminal);
  await clock.pass(answerMs - 1);
  expect(await terminal.outcomeOf('i')).toEqual({ kind: 'unknown' });
  await clock.pass(1);
  expect(await outcome).toEqual(expected);
  expect(await terminal.outcomeOf('i')).toEqual(expected);
});

test('no-answer leaves it unknown at the deadline, and tells the truth when asked later', async () => {
  const terminal = await opened('no-answer');
  const [outcome] = await begun(terminal);
  await terminal.cancel('i');
  await clock.pass(30_000);
  expect(await outcome).toEqual({ kind: 'unknown' });
  expect(await terminal.outcomeOf('i')).toEqual({ kind: 'unknown' });
  await clock.pass(1_500);
  expect(await terminal.outcomeOf('i')).toEqual(approved);
});

test('cancelling in time ends the payment; too late it stays approved', async () => {
  const terminal = await opened('approve');
  const [first] = await begun(terminal);
  await terminal.cancel('i');
  expect(await first).toEqual({ kind: 'cancelled' });
  const [second] = await begun(terminal, { ...intent, intentId: 'j' });
  await clock.pass(1_500);
  await terminal.cancel('j');
  expect(await second).toMatchObject({ kind: 'approved' });
  await terminal.cancel('never heard of');
});

test('the same intent is one payment, however often it is sent', async () => {
  const terminal = await opened('approve');
  const [first] = await begun(terminal);
  const [again] = await begun(terminal);
  await clock.pass(1_500);
  expect(await Promise.all([first, again])).toEqual([approved, approved]);
  expect(await terminal.pay(intent)).toEqual(approved);
  const lines = (await readFile(journalFile(), 'utf8')).trim().split('\n');
  expect(lines.map((line) => JSON.parse(line).kind as string)).toEqual(['asked', 'ended']);
});

test('takes one card at a time', async () => {
  const terminal = await opened('approve');
  const [first] = await begun(terminal);
  expect(await terminal.pay({ ...intent, intentId: 'j' })).toEqual({ kind: 'declined' });
  await clock.pass(1_500);
  expect(await first).toEqual(approved);
});

test('what it never heard of is declined, and stays so should it still arrive', async () => {
  const terminal = await opened('approve');
  expect(await terminal.outcomeOf('i')).toEqual({ kind: 'declined' });
  expect(await terminal.pay(intent)).toEqual({ kind: 'declined' });
  const later = await opened('approve');
  expect(await later.pay(intent)).toEqual({ kind: 'declined' });
});

test('lives on while the app is dead: the card is approved, and known when it comes back', async () => {
  await begun(await opened('approve'));
  const early = await opened('decline');
  expect(await early.outcomeOf('i')).toEqual({ kind: 'unknown' });
  await clock.pass(1_500);
  const later = await opened('decline');
  expect(await later.outcomeOf('i')).toEqual(approved);
  expect(await later.pay(intent)).toEqual(approved);
});

test('closed with a card on its way it writes no more, and the next one knows the outcome', async () => {
  const first = await opened('approve');
  const failed = vi.fn();
  const [outcome] = await begun(first);
  outcome?.catch(failed);
  await first.close();
  terminals = [];
  await clock.pass(1_500);
  await turns();
  expect(failed).not.toHaveBeenCalled();
  const second = await opened('decline');
  expect(await second.outcomeOf('i')).toEqual(approved);
});

test('half a line in its journal is forgotten, and the next line is whole', async () => {
  const first = await opened('approve');
  const [outcome] = await begun(first);
  await clock.pass(1_500);
  await outcome;
  await appendFile(journalFile(), '{"kind":"asked","intentId":"torn"');
  const second = await opened('decline');
  expect(await second.outcomeOf('torn')).toEqual({ kind: 'declined' });
  const [declined] = await begun(second, { ...intent, intentId: 'j' });
  await clock.pass(1_500);
  expect(await declined).toEqual({ kind: 'declined' });
  const third = await opened('approve');
  expect(await third.outcomeOf('i')).toEqual(approved);
  expect(await third.outcomeOf('j')).toEqual({ kind: 'declined' });
});

const journalLines = async (): Promise<readonly string[]> =>
  (await readFile(journalFile(), 'utf8')).trim().split('\n');

test('remembers the newest payments and every open one, and its journal does not only grow', async () => {
  const first = await opened('approve', 2);
  for (const intentId of ['a', 'b', 'c', 'd', 'e']) {
    const [outcome] = await begun(first, { ...intent, intentId });
    await clock.pass(1_500);
    expect(await outcome).toMatchObject({ kind: 'approved' });
  }
  expect(await first.outcomeOf('d')).toMatchObject({ reference: 'demo-d' });
  expect(await first.outcomeOf('a')).toEqual({ kind: 'declined' });
  await begun(first, { ...intent, intentId: 'open' });
  expect(await journalLines()).toHaveLength(12);
  await first.close();
  terminals = [];

  const second = await opened('decline', 2);
  const kept = (await journalLines()).map((line) => JSON.parse(line).intentId as string);
  expect(kept).toEqual(['a', 'a', 'e', 'e', 'a', 'open']);
  expect(await second.outcomeOf('open')).toEqual({ kind: 'unknown' });
  await clock.pass(1_500);
  expect(await second.outcomeOf('open')).toMatchObject({ reference: 'demo-open' });
  const [declined] = await begun(second, { ...intent, intentId: 'f' });
  await clock.pass(1_500);
  expect(await declined).toEqual({ kind: 'declined' });
  expect((await journalLines()).slice(6).map((line) => JSON.parse(line).kind as string)).toEqual([
    'ended',
    'asked',
    'ended',
  ]);
});

test.each([
  ['torn', '{"kind":"asked","intentId":"i"', /line 2: torn or altered/],
  ['strange', '{"kind":"ended","intentId":"i","outcome":{"kind":"paid"}}', /line 2: no line of/],
])('a %s line in the middle of its journal is named with its file', async (_what, line, reason) => {
  const terminal = await opened('approve');
  expect(await terminal.outcomeOf('x')).toEqual({ kind: 'declined' });
  const [whole = ''] = await journalLines();
  await appendFile(journalFile(), `${line}\n${whole}\n`);
  const refused = opened('approve');
  await expect(refused).rejects.toThrow(journalFile());
  await expect(refused).rejects.toThrow(reason);
});

test.each([-365 * 24 * 3_600_000, 365 * 24 * 3_600_000])(
  'takes its usual time where the clock is set by %i ms, and after a restart no longer',
  async (setMs) => {
    const first = await opened('approve');
    const [outcome] = await begun(first);
    clock.setForward(setMs);
    await clock.pass(1_499);
    expect(await first.outcomeOf('i')).toEqual({ kind: 'unknown' });
    await clock.pass(1);
    expect(await outcome).toEqual(approved);
    await begun(first, { ...intent, intentId: 'j' });
    clock.setForward(setMs);
    const second = await opened('decline');
    await clock.pass(1_500);
    expect(await second.outcomeOf('j')).toMatchObject({ kind: 'approved' });
  },
);

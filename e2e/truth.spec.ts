import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from '@playwright/test';
import Database from 'libsql';
import { Kiosk, appCommand, cleanEnvironment } from './kiosk.ts';
import type { Line } from './kiosk.ts';

let data: string;
let kiosk: Kiosk | null = null;

test.beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'freshlane-truth-'));
});
test.afterEach(async () => {
  await kiosk?.attachWhenFailed();
  await kiosk?.close();
  kiosk = null;
  rmSync(data, { recursive: true });
});

async function start(args: readonly string[] = []): Promise<Kiosk> {
  // The ledger and the terminal tell the truth long before the camera sees anything.
  kiosk = await Kiosk.start({ data, args: ['--demo', ...args], ready: false });
  return kiosk;
}

function terminalJournal(): readonly Line[] {
  const lines = readFileSync(join(data, 'demo-terminal.jsonl'), 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Line);
}

test('a second kiosk on the same data says so and ends; killed, the first comes back with its cart', async () => {
  const first = await start();
  await first.startByHand('Banana', 'Red apple', 'Banana');
  const before = (await first.snapshot()).cart;
  expect(before.itemCount).toBe(3);

  const command = appCommand(['--demo', '--windowed', `--data=${data}`]);
  const second = spawn(command.program, command.args, {
    env: cleanEnvironment(),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const [[code], complaint] = await Promise.all([
    once(second, 'exit') as Promise<[number | null]>,
    text(second.stderr),
  ]);
  expect(code).toBe(3);
  expect(complaint).toContain('Freshlane is already running with this data folder.');
  await first.key('One more Red apple').click();
  await first.event('quantity-set', { product: 'red-apple', quantity: 2 });

  await first.kill();
  await first.close();
  const again = await start();
  await again.sees('cart');
  const { cart } = await again.snapshot();
  expect(cart.itemCount).toBe(4);
  expect(cart.totalMinor).toBe(before.totalMinor + 55);
  await again.key('Undo').click();
  await expect(again.page.getByText('3 items')).toBeVisible();
});

test('killed while it pays, it comes back with the receipt, and the card was charged once', async () => {
  const first = await start(['--terminal=slow']);
  await first.startByHand('Banana', 'Red apple');
  await first.key('Pay €0.84').click();
  const { intent } = await first.event('payment-started', { amountMinor: 84 });
  await expect.poll(() => terminalJournal()).toMatchObject([{ kind: 'asked', intentId: intent }]);
  await first.kill();
  await first.close();

  const again = await start(['--terminal=slow']);
  await again.sees('receipt');
  await again.event('sale-completed', { totalMinor: 84 });
  await expect(again.page.getByRole('listitem').filter({ hasText: 'Red apple' })).toHaveCount(1);
  expect(terminalJournal()).toMatchObject([
    { kind: 'asked', intentId: intent, amountMinor: 84 },
    { kind: 'ended', intentId: intent, outcome: { kind: 'approved' } },
  ]);
  await again.key('Done').click();
  await again.sees('welcome');
});

test('a payment that is cancelled leaves the cart as it was', async () => {
  // It waits long enough for the card to be called off.
  const slow = await start(['--terminal=slow']);
  await slow.startByHand('Banana');
  await slow.key('Pay €0.29').click();
  await expect(slow.page.getByRole('heading', { name: 'Your card, please' })).toBeVisible();
  await slow.key('Cancel the payment').click();
  await slow.event('payment-cancelled');
  await slow.sees('cart');
  await expect(slow.key('Pay €0.29')).toBeVisible();
  expect(slow.events('payment-approved')).toEqual([]);
});

test('a terminal that does not answer: "Do not pay again", then the truth', async () => {
  // It takes its time with the truth, so that the screen before it can be looked at.
  const silent = await start(['--terminal=silent', '--terminal-answer-ms=6000']);
  await silent.startByHand('Banana');
  await silent.key('Pay €0.29').click();
  await silent.event('payment-unknown');
  await expect(
    silent.page.getByRole('heading', { name: 'Checking. Do not pay again.' }),
  ).toBeVisible();
  await expect(silent.page.locator('.paying button')).toHaveCount(0);
  await silent.sees('receipt');
  await silent.event('sale-completed', { totalMinor: 29 });
  expect(terminalJournal().filter(({ kind }) => kind === 'asked')).toHaveLength(1);
});

test('a terminal that declines leaves the cart as it was', async () => {
  const declining = await start(['--terminal=declines']);
  await declining.startByHand('Banana');
  await declining.key('Pay €0.29').click();
  await declining.event('payment-declined');
  await expect(declining.page.getByRole('heading', { name: 'Not paid' })).toBeVisible();
  await declining.key('Back to the cart').click();
  await expect(declining.key('Pay €0.29')).toBeVisible();
  expect(declining.events('sale-completed')).toEqual([]);
});

/** By which SQLite's header tells whose file it is. */
const ledgerId = 0x46_4c_4e_45;

const brokenLedgers: readonly (readonly [name: string, word: string, make: () => void])[] = [
  ['corrupt', 'is damaged', () => writeFileSync(join(data, 'ledger.db'), 'no ledger '.repeat(999))],
  ['cannot be opened', 'may not be written', () => mkdirSync(join(data, 'ledger.db'))],
  [
    'from a newer version',
    'install the newer app again',
    () => {
      const ledger = new Database(join(data, 'ledger.db'));
      ledger.pragma(`application_id = ${ledgerId}`);
      ledger.pragma('user_version = 999');
      ledger.close();
    },
  ],
];

for (const [name, word, make] of brokenLedgers) {
  test(`a ledger that is ${name} closes the till and is named in the log`, async () => {
    make();
    const closed = await start();
    await closed.sees('out-of-order');
    await expect(closed.page.getByText('The journal of sales cannot be written.')).toBeVisible();
    const { error } = await closed.logged('ledger-refused');
    expect(error).toContain(join(data, 'ledger.db'));
    expect(error).toContain(word);
  });
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { readFact } from '../src/main/checkout/facts.ts';
import type { Fact } from '../src/main/checkout/facts.ts';
import { openLedgerFile } from '../src/main/ledger/ledger-file.ts';
import { verifyLedger } from '../src/main/ledger/verify-ledger.ts';
import type { JournalLine } from '../src/simulators/terminal/terminal-journal.ts';
import { bundleForTests } from '../src/main/testing/bundle-for-tests.ts';
import { seededRandom } from '../src/shared/seeded-random.ts';
import { figure } from './figure.ts';
import type { Figure } from './figure.ts';
import { disagreements } from './kills/disagreements.ts';
import type { TillLine } from './kills/till-line.ts';

const kills = Number(process.env['FRESHLANE_KILLS'] ?? 200);
const seed = Number(process.env['FRESHLANE_KILLS_SEED'] ?? Date.now() % 1_000_000);
/** From a payment's begin to its receipt, and a little more. */
const paymentMs = 100;
const shoppingMs = 400;

/**
 * Kills a till that sells without end, at random moments, half of them between "pay" and the receipt;
 * after each restart ledger, terminal journal and what the window shows must agree.
 */
export async function benchKills(): Promise<readonly Figure[]> {
  const random = seededRandom(seed);
  const folder = await mkdtemp(join(tmpdir(), 'freshlane-kills-'));
  const bundle = await bundleForTests({
    worker: 'src/main/ledger/ledger-worker.ts',
    till: 'bench/kills/till.ts',
  });
  const till = join(bundle.folder, 'till.mjs');
  const workerUrl = pathToFileURL(join(bundle.folder, 'worker.mjs')).href;
  const found: string[] = [];
  let inPayment = 0;
  let sales = 0;
  const killOnce = async (kill: number): Promise<void> => {
    const start = [till, folder, workerUrl, String(seed + kill)];
    if (await runAndKill(start, kill % 2 === 0, random)) inPayment += 1;
    const shown = await runAndSettle(start);
    const kept = await readKept(folder);
    sales = kept.facts.filter(({ kind }) => kind === 'sale-completed').length;
    const said = shown === null ? ['it did not come back'] : disagreements(shown, kept);
    for (const each of said) {
      found.push(each);
      process.stderr.write(`kill ${kill + 1}, seed ${seed}: ${each}\n`);
    }
  };
  try {
    for (let kill = 0; kill < kills; kill += 1) {
      // oxlint-disable-next-line no-await-in-loop -- one life of the till after the other.
      await killOnce(kill);
    }
  } finally {
    await bundle.remove();
    await rm(folder, { recursive: true });
  }
  const note = `${kills} kills, ${inPayment} of them in a payment, ${sales} sales completed, seed ${seed}`;
  return [
    figure('kills disagreements', found.length, 'count', note),
    figure('kills in a payment', inPayment, 'count', note),
  ];
}

/** Kills it at a random moment; whether a payment was under way then. */
async function runAndKill(
  start: readonly string[],
  whilePaying: boolean,
  random: () => number,
): Promise<boolean> {
  const child = spawn(process.execPath, [...start, 'sell'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let isPaying = false;
  let timer: NodeJS.Timeout | null = null;
  const killIn = (ms: number): void => {
    timer ??= setTimeout(() => child.kill('SIGKILL'), ms);
  };
  // From the first sale on, not only from the start.
  const paymentToKill = 1 + Math.floor(random() * 4);
  let payments = 0;
  createInterface({ input: child.stdout }).on('line', (text) => {
    const line = JSON.parse(text) as TillLine;
    if (line.kind === 'shown' && !whilePaying) killIn(random() * shoppingMs);
    if (line.kind !== 'fact') return;
    if (line.fact === 'payment-begun') {
      isPaying = true;
      payments += 1;
      if (whilePaying && payments === paymentToKill) killIn(random() * paymentMs);
    }
    if (ends.has(line.fact)) isPaying = false;
  });
  await once(child, 'close');
  if (timer !== null) clearTimeout(timer);
  return isPaying;
}

const ends: ReadonlySet<Fact['kind']> = new Set([
  'payment-declined',
  'payment-cancelled',
  'sale-completed',
]);

/** Starts it once more, until all that was open is settled; null where it does not get there. */
async function runAndSettle(
  start: readonly string[],
): Promise<Extract<TillLine, { kind: 'shown' }> | null> {
  const child = spawn(process.execPath, [...start, 'settle'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let shown: Extract<TillLine, { kind: 'shown' }> | null = null;
  createInterface({ input: child.stdout }).on('line', (text) => {
    const line = JSON.parse(text) as TillLine;
    if (line.kind === 'shown') shown = line;
    if (line.kind === 'fault') process.stderr.write(`${line.text}\n`);
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return code === 0 ? shown : null;
}

async function readKept(folder: string): Promise<Parameters<typeof disagreements>[1]> {
  const path = join(folder, 'ledger.db');
  const verification = verifyLedger(path);
  const file = openLedgerFile(path);
  const rows = file.rows(0, -1).filter(({ kind }) => kind !== 'ledger-begun');
  file.close();
  const journal = (await readFile(join(folder, 'terminal.jsonl'), 'utf8').catch(() => ''))
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as JournalLine);
  return { isWhole: verification.kind === 'whole', facts: rows.map(readFact), journal };
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundleForTests } from '../testing/bundle-for-tests.ts';
import type { TestBundle } from '../testing/bundle-for-tests.ts';

let folder: string;
let bundle: TestBundle;
let kiosk: string;
let workerUrl: URL;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'freshlane-kill-'));
  bundle = await bundleForTests({
    worker: 'src/main/ledger/ledger-worker.ts',
    kiosk: 'src/main/checkout/kiosk-for-test.ts',
  });
  workerUrl = pathToFileURL(join(bundle.folder, 'worker.mjs'));
  kiosk = join(bundle.folder, 'kiosk.mjs');
});
afterAll(async () => {
  await bundle.remove();
  await rm(folder, { recursive: true });
});

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
}

async function run(data: string, point: string): Promise<Ended> {
  const child = spawn(process.execPath, [kiosk, data, workerUrl.href, point], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [[code, signal], out] = await Promise.all([
    once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>,
    text(child.stdout),
  ]);
  return { code, signal, out };
}

const both = ['apple', 'juice'];

// Each case starts three processes; on a busy machine that takes its time.
const timeoutMs = 240_000;

test.concurrent.each([
  ['before item-added 2', 'shopping', ['apple'], 0, []],
  ['after item-added 2', 'shopping', both, 0, []],
  ['before payment-begun 1', 'shopping', both, 0, []],
  // The terminal has never heard of it: nothing was charged.
  ['after payment-begun 1', 'declined', both, 0, ['ended']],
  // The card is approved while the app is dead.
  ['card awaited', 'receipt', both, 1, ['asked', 'ended']],
  ['terminal answered', 'receipt', both, 1, ['asked', 'ended']],
  ['before payment-approved 1', 'receipt', both, 1, ['asked', 'ended']],
  ['after payment-approved 1', 'receipt', both, 1, ['asked', 'ended']],
  ['before sale-completed 1', 'receipt', both, 1, ['asked', 'ended']],
  ['after sale-completed 1', 'receipt', both, 1, ['asked', 'ended']],
] as const)(
  'killed %s, it comes back as %s',
  async (point, kind, cart, lastNumber, terminalLines) => {
    const data = await mkdtemp(join(folder, 'data-'));
    const killed = await run(data, point);
    expect(killed).toMatchObject({ signal: 'SIGKILL', out: '' });

    const shown = { kind, cart: [...cart], lastNumber, ledger: 'whole' };
    for (let start = 0; start < 2; start++) {
      const resumed = await run(data, 'resume');
      expect(resumed).toMatchObject({ code: 0, signal: null });
      expect(JSON.parse(resumed.out)).toEqual(shown);
    }
    const journal = await readFile(join(data, 'terminal.jsonl'), 'utf8');
    const lines = journal.split('\n').filter(Boolean);
    expect(lines.map((line) => (JSON.parse(line) as { kind: string }).kind)).toEqual(terminalLines);
  },
  timeoutMs,
);

test('left alone, it sells', async () => {
  const data = await mkdtemp(join(folder, 'data-'));
  const ended = await run(data, 'nowhere');
  expect(JSON.parse(ended.out)).toMatchObject({ kind: 'receipt', cart: both, lastNumber: 1 });
});

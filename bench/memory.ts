import type { IntervalHistogram } from 'node:perf_hooks';
import type { Snapshot } from '../src/shared/snapshot.ts';
import { figure } from './figure.ts';
import type { Figure } from './figure.ts';
import { openKiosk } from './kiosk.ts';
import type { BenchKiosk } from './kiosk.ts';

const salesBefore = 50;
const salesAfter = 500;
const linesPerSale = 3;

/**
 * Memory of the whole app after 500 sales against after 50, and how long main was not free for
 * anything else meanwhile. Each sale goes through the window's own requests.
 */
export async function benchMemory(): Promise<readonly Figure[]> {
  const kiosk = await openKiosk(['--terminal-answer-ms=0']);
  try {
    await kiosk.said((line) => line['event'] === 'ready', 'ready');
    await kiosk.app.evaluate(watchLoop);
    const startedMs = performance.now();
    await sell(kiosk, salesBefore);
    const before = await memoryOf(kiosk);
    await sell(kiosk, salesAfter - salesBefore);
    const after = await memoryOf(kiosk);
    const perSecond = salesAfter / ((performance.now() - startedMs) / 1000);
    const loop = await kiosk.app.evaluate(loopDelays);
    const note = `${linesPerSale} items a sale, virtual tray, demo terminal that answers at once`;
    return [
      figure(`memory after ${salesBefore} sales`, sum(before), 'MB', note),
      figure(`memory after ${salesAfter} sales`, sum(after), 'MB', note),
      ...Object.keys(after).map((name) =>
        figure(`memory gained, ${name}`, (after[name] ?? 0) - (before[name] ?? 0), 'MB', note),
      ),
      figure('sales', perSecond, 'per second', note),
      figure('main event loop delay p99', loop.p99Ms, 'ms', note),
      figure('main event loop delay max', loop.maxMs, 'ms', note),
    ];
  } finally {
    await kiosk.close();
  }
}

async function sell({ page }: BenchKiosk, sales: number): Promise<void> {
  const done = await page.evaluate(sellInPage, { sales, lines: linesPerSale });
  if (done !== sales) throw new Error(`Only ${done} of ${sales} sales went through.`);
}

/** Runs in the page. */
async function sellInPage(wanted: { sales: number; lines: number }): Promise<number> {
  const { request, on } = window.kiosk;
  const until = (kind: Snapshot['screen']['kind']): Promise<Snapshot> =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`There is no ${kind} screen.`)), 10_000);
      let stop: () => void = () => undefined;
      let found = false;
      stop = on['kiosk:changed']((snapshot) => {
        if (found || snapshot.screen.kind !== kind) return;
        found = true;
        clearTimeout(timer);
        setTimeout(() => stop(), 0);
        resolve(snapshot);
      });
    });
  const list = await request['catalogue:list']();
  if (!list.ok) return 0;
  const pieces = list.value.filter(({ price }) => price.kind !== 'weight');
  let done = 0;
  for (; done < wanted.sales; done += 1) {
    await request['sale:start']();
    await until('cart');
    for (let line = 0; line < wanted.lines; line += 1) {
      const product = pieces[(done + line) % pieces.length];
      await request['lookup:open']();
      const { screen } = await until('lookup');
      if (product === undefined || screen.kind !== 'lookup') return done;
      await request['product:choose']({
        productId: product.productId,
        questionId: screen.questionId,
      });
      await until('cart');
    }
    const snapshot = await request['kiosk:snapshot']();
    if (!snapshot.ok) return done;
    await request['sale:pay']({ totalMinor: snapshot.value.cart.totalMinor });
    await until('receipt');
    await request['receipt:done']();
    await until('welcome');
  }
  return done;
}

declare global {
  var mainLoop: IntervalHistogram | undefined;
}

/** Runs in main, like the one after it. */
function watchLoop(): void {
  const { monitorEventLoopDelay } = process.getBuiltinModule('node:perf_hooks');
  globalThis.mainLoop = monitorEventLoopDelay({ resolution: 1 });
  globalThis.mainLoop.enable();
}

function loopDelays(): { readonly p99Ms: number; readonly maxMs: number } {
  const loop = globalThis.mainLoop;
  loop?.disable();
  return { p99Ms: (loop?.percentile(99) ?? 0) / 1e6, maxMs: (loop?.max ?? 0) / 1e6 };
}

/** Working sets by process, in MB, after main has tidied up as far as it does by itself. */
function memoryOf({ app }: BenchKiosk): Promise<Readonly<Record<string, number>>> {
  return app.evaluate(({ app: electron }) => {
    const megabytes: Record<string, number> = {};
    for (const metric of electron.getAppMetrics()) {
      const name = metric.name ?? metric.type;
      megabytes[name] = (megabytes[name] ?? 0) + metric.memory.workingSetSize / 1024;
    }
    return megabytes;
  });
}

function sum(parts: Readonly<Record<string, number>>): number {
  return Object.values(parts).reduce((total, part) => total + part, 0);
}

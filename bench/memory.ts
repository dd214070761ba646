import type { CDPSession } from 'playwright';
import type { Snapshot } from '../src/shared/snapshot.ts';
import { figure, percentile } from './figure.ts';
import type { Figure } from './figure.ts';
import { openKiosk } from './kiosk.ts';
import type { BenchKiosk } from './kiosk.ts';

const marks = [50, 200, 500] as const;
const linesPerSale = 3;

/** A picture of the window's takes so long: whatever holds main longer can be seen. */
const frameMs = 16;

/** Resident memory in MB by process. */
type Memory = Readonly<Record<string, number>>;

/**
 * Memory of the whole app by process after 50, 200 and 500 sales, as it is and after the garbage
 * is collected, and how long main was not free for anything else meanwhile. Each sale goes through
 * the window's own requests.
 */
export async function benchMemory(): Promise<readonly Figure[]> {
  const kiosk = await openKiosk(['--terminal-answer-ms=0']);
  try {
    await kiosk.said((line) => line['event'] === 'ready', 'ready');
    const pages = await debuggers(kiosk);
    const note = `${linesPerSale} items a sale, looked up, virtual tray, demo terminal that answers at once`;
    const figures: Figure[] = [];
    const stretchesMs: number[] = [];
    let sold = 0;
    let sellingMs = 0;
    for (const mark of marks) {
      const startedMs = performance.now();
      await kiosk.app.evaluate(watchMain);
      await sell(kiosk, mark - sold);
      stretchesMs.push(...(await kiosk.app.evaluate(mainStretches)));
      sellingMs += performance.now() - startedMs;
      sold = mark;
      const plain = await memoryOf(kiosk);
      await collectGarbage(kiosk, pages);
      const collected = await memoryOf(kiosk);
      figures.push(
        ...memoryFigures(`memory after ${mark} sales`, plain, note),
        ...memoryFigures(`memory after ${mark} sales, collected`, collected, note),
      );
    }
    const loopNote = `${note}; without what it waited for a processor`;
    return [
      ...figures,
      figure('sales', sold / (sellingMs / 1000), 'per second', note),
      figure('main held up p99', percentile(stretchesMs, 0.99), 'ms', loopNote),
      figure('main held up max', Math.max(...stretchesMs), 'ms', loopNote),
      figure(
        `main held up over ${frameMs} ms`,
        stretchesMs.filter((ms) => ms > frameMs).length,
        'count',
        loopNote,
      ),
    ];
  } finally {
    await kiosk.close();
  }
}

function memoryFigures(name: string, memory: Memory, note: string): readonly Figure[] {
  const all = Object.values(memory).reduce((total, part) => total + part, 0);
  return [
    figure(name, all, 'MB', `${note}; what processes share counts for each`),
    ...Object.entries(memory).map(([process, part]) =>
      figure(`${name}, ${process}`, part, 'MB', note),
    ),
  ];
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
  /** Ends the watch: how long main was held up at a stretch, each time, in ms. */
  var endWatch: (() => readonly number[]) | undefined;
}

/** Runs in main, like the functions after it. */
function watchMain(): void {
  const fs = process.getBuiltinModule('node:fs');
  const turnMs = 1;
  /** Linux counts how long a thread was ready and had no processor. */
  const waitedMs = (): number => {
    try {
      return Number(fs.readFileSync('/proc/self/schedstat', 'latin1').split(' ')[1]) / 1e6;
    } catch {
      return 0;
    }
  };
  const stretches: number[] = [];
  let atMs = performance.now();
  let waited = waitedMs();
  const turn = (): void => {
    const nowMs = performance.now();
    const nowWaited = waitedMs();
    stretches.push(Math.max(0, nowMs - atMs - (nowWaited - waited) - turnMs));
    atMs = nowMs;
    waited = nowWaited;
    timer = setTimeout(turn, turnMs);
  };
  let timer = setTimeout(turn, turnMs);
  globalThis.endWatch = () => {
    clearTimeout(timer);
    return stretches;
  };
}

function mainStretches(): readonly number[] {
  return globalThis.endWatch?.() ?? [];
}

function debuggers({ app }: BenchKiosk): Promise<readonly CDPSession[]> {
  return Promise.all(app.windows().map((page) => app.context().newCDPSession(page)));
}

/** In the windows and in main; the engine and Chromium's own processes have no means for it. */
async function collectGarbage({ app }: BenchKiosk, pages: readonly CDPSession[]): Promise<void> {
  for (const page of pages) await page.send('HeapProfiler.collectGarbage');
  await app.evaluate(() => {
    process.getBuiltinModule('node:v8').setFlagsFromString('--expose-gc');
    process.getBuiltinModule('node:vm').runInNewContext('gc()');
  });
}

function memoryOf({ app }: BenchKiosk): Promise<Memory> {
  return app.evaluate(({ app: electron, webContents }) => {
    const pages: Readonly<Record<string, string>> = {
      kiosk: 'shopper page',
      tray: 'virtual tray',
      capture: 'capture page',
    };
    const names = new Map([
      ...webContents
        .getAllWebContents()
        .map((one) => [one.getOSProcessId(), pages[new URL(one.getURL()).host] ?? ''] as const),
      [process.pid, 'main'] as const,
    ]);
    const megabytes: Record<string, number> = {};
    for (const { pid, name, type, memory } of electron.getAppMetrics()) {
      const said = names.get(pid) ?? name ?? type;
      megabytes[said] = (megabytes[said] ?? 0) + memory.workingSetSize / 1024;
    }
    return megabytes;
  });
}

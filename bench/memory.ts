import type { CDPSession } from 'playwright';
import type { Snapshot } from '../src/shared/snapshot.ts';
import { figure } from './figure.ts';
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
    const late: Times[number][] = [];
    const busy: Times[number][] = [];
    let sold = 0;
    let sellingMs = 0;
    for (const mark of marks) {
      const startedMs = performance.now();
      await kiosk.app.evaluate(watchMain);
      await sell(kiosk, mark - sold);
      const turns = await kiosk.app.evaluate(turnsOfMain);
      late.push(...turns.late);
      busy.push(...turns.busy);
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
    const lateNote = `${note}; where the machine has more to do, main waits for a processor too`;
    const busyNote = `${note}; the processor's time of main's own thread`;
    return [
      ...figures,
      figure('sales', sold / (sellingMs / 1000), 'per second', note),
      figure('main event loop delay p99', shareBelow(late, 0.99), 'ms', lateNote),
      figure('main event loop delay max', shareBelow(late, 1), 'ms', lateNote),
      figure('main busy at a stretch p99', shareBelow(busy, 0.99), 'ms', busyNote),
      figure('main busy at a stretch max', shareBelow(busy, 1), 'ms', busyNote),
      figure(
        `main busy at a stretch over ${frameMs} ms`,
        busy.reduce((sum, [tenths, times]) => (tenths > frameMs * 10 ? sum + times : sum), 0),
        'count',
        busyNote,
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
  const { request, on } = window.shopper;
  const until = (kind: Snapshot['screen']['kind']): Promise<Snapshot> =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`There is no ${kind} screen.`)), 10_000);
      let stop: () => void = () => undefined;
      let found = false;
      const look = (snapshot: Snapshot): void => {
        if (found || snapshot.screen.kind !== kind) return;
        found = true;
        clearTimeout(timer);
        stop();
        resolve(snapshot);
      };
      stop = on['kiosk:changed'](look);
      void request['kiosk:snapshot']().then((reply) => {
        if (reply.ok) look(reply.value);
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

/** How often a time came, by tenths of a millisecond: main is to hold little of the bench's own. */
type Times = readonly (readonly [tenths: number, times: number])[];

/** Between turns of main's loop that were meant to be a millisecond apart. */
interface Turns {
  /** How much later than meant, for whatever reason: also because the machine had other work. */
  readonly late: Times;
  /** The work of main's own thread; empty where the system does not tell (only Linux does). */
  readonly busy: Times;
}

declare global {
  var endWatch: (() => Turns) | undefined;
}

/** Runs in main, like the functions after it. */
function watchMain(): void {
  const { openSync, readSync, closeSync } = process.getBuiltinModule('node:fs');
  const turnMs = 1;
  const file = process.platform === 'linux' ? openSync('/proc/self/schedstat', 'r') : null;
  const bytes = Buffer.alloc(64);
  /** The first of its numbers, in nanoseconds. */
  const workedMs = (): number => {
    if (file === null) return 0;
    readSync(file, bytes, 0, bytes.length, 0);
    return Number.parseInt(bytes.toString('latin1', 0, 24), 10) / 1e6;
  };
  const late = new Map<number, number>();
  const busy = new Map<number, number>();
  const count = (times: Map<number, number>, ms: number): void => {
    const tenths = Math.max(0, Math.round(ms * 10));
    times.set(tenths, (times.get(tenths) ?? 0) + 1);
  };
  let atMs = performance.now();
  let worked = workedMs();
  const turn = (): void => {
    const nowMs = performance.now();
    const nowWorked = workedMs();
    count(late, nowMs - atMs - turnMs);
    if (file !== null) count(busy, nowWorked - worked);
    atMs = nowMs;
    worked = nowWorked;
    timer = setTimeout(turn, turnMs);
  };
  let timer = setTimeout(turn, turnMs);
  globalThis.endWatch = () => {
    clearTimeout(timer);
    if (file !== null) closeSync(file);
    return { late: [...late], busy: [...busy] };
  };
}

function turnsOfMain(): Turns {
  return globalThis.endWatch?.() ?? { late: [], busy: [] };
}

/** The time in ms below which the share (0 to 1) of them lie; NaN without any. */
function shareBelow(times: Times, share: number): number {
  const sorted = times.toSorted(([a], [b]) => a - b);
  let left = sorted.reduce((sum, [, count]) => sum + count, 0) * share;
  const found = sorted.find(([, count]) => (left -= count) <= 0);
  return (found?.[0] ?? Number.NaN) / 10;
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
    const plain: Readonly<Record<string, string>> = {
      'Freshlane engine': 'engine',
      'Network Service': 'network',
      'Video Capture': 'video capture',
      GPU: 'graphics',
    };
    const megabytes: Record<string, number> = {};
    for (const { pid, name, type, memory } of electron.getAppMetrics()) {
      const said = names.get(pid) ?? plain[name ?? type] ?? name ?? type;
      megabytes[said] = (megabytes[said] ?? 0) + memory.workingSetSize / 1024;
    }
    return megabytes;
  });
}

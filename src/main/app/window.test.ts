import { EventEmitter } from 'node:events';
import { beforeEach, expect, test, vi } from 'vitest';
import { keptLog } from '../../shared/testing/kept-log.ts';
import { manualTimers } from '../../shared/testing/manual-timers.ts';
import type { ManualTimers } from '../../shared/testing/manual-timers.ts';
import { openKioskWindow } from './window.ts';

/** A window of Electron, as far as it is used here. */
class Window extends EventEmitter {
  readonly webContents = Object.assign(new EventEmitter(), {
    forcefullyCrashRenderer: () => this.crash('crashed'),
  });
  readonly loaded: string[] = [];
  load: () => Promise<void> = () => Promise.resolve();
  loadURL(url: string): Promise<void> {
    this.loaded.push(url);
    return this.load();
  }
  crash(reason: string): void {
    this.webContents.emit('render-process-gone', {}, { reason });
  }
}

const windows = vi.hoisted((): object[] => []);
vi.mock('electron', () => ({
  app: {},
  Menu: {},
  // A function, so that its class need not be there yet.
  BrowserWindow: function openWindow() {
    const window = new Window();
    windows.push(window);
    return window;
  },
}));

let timers: ManualTimers;
let onHopeless: () => void;
let kept: ReturnType<typeof keptLog>;

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

async function open(): Promise<Window> {
  openKioskWindow({
    pageUrl: 'app://kiosk/',
    preload: 'preload.cjs',
    contracts: [],
    session: {} as Electron.Session,
    windowed: true,
    size: { width: 1920, height: 1080 },
    log: kept.log,
    onHopeless,
    timers,
  });
  await settle();
  return windows.at(-1) as Window;
}

/** A page that stands so long, crashes, and is loaded again where it still may be. */
async function standAndCrash(window: Window, forMs: number): Promise<void> {
  timers.pass(forMs);
  window.crash('crashed');
  timers.pass(0);
  await settle();
}

beforeEach(() => {
  windows.length = 0;
  timers = manualTimers();
  onHopeless = vi.fn();
  kept = keptLog();
});

test('a page that crashes is loaded again', async () => {
  const window = await open();
  await standAndCrash(window, 1_000);
  expect(window.loaded).toHaveLength(2);
  expect(kept.events).toMatchObject([{ event: 'window-crashed', reason: 'crashed', times: 1 }]);
  expect(onHopeless).not.toHaveBeenCalled();
});

test('the fourth that soon crashes in a row is one too many', async () => {
  const window = await open();
  for (let time = 1; time <= 4; time += 1) {
    expect(onHopeless).not.toHaveBeenCalled();
    // oxlint-disable-next-line no-await-in-loop -- one crash after another.
    await standAndCrash(window, 19_000);
  }
  expect(onHopeless).toHaveBeenCalledTimes(1);
  expect(window.loaded).toHaveLength(4);
});

test('one that stood for a while between them makes them begin anew', async () => {
  const window = await open();
  for (const forMs of [0, 0, 0, 20_000, 0, 0]) {
    // oxlint-disable-next-line no-await-in-loop -- one crash after another.
    await standAndCrash(window, forMs);
  }
  expect(onHopeless).not.toHaveBeenCalled();
  expect(window.loaded).toHaveLength(7);
});

test('one that cannot be loaded counts like one that crashed', async () => {
  const window = await open();
  window.load = () => Promise.reject(new Error('ERR_FAILED'));
  await standAndCrash(window, 0);
  for (let time = 2; time <= 4; time += 1) {
    timers.pass(0);
    // oxlint-disable-next-line no-await-in-loop -- one after another.
    await settle();
  }
  expect(onHopeless).toHaveBeenCalledTimes(1);
});

test('a page that left by itself, and a window that was closed, are loaded no more', async () => {
  const window = await open();
  window.crash('clean-exit');
  window.emit('closed');
  await standAndCrash(window, 0);
  expect(window.loaded).toHaveLength(1);
  expect(onHopeless).not.toHaveBeenCalled();
});

import { EventEmitter } from 'node:events';
import { beforeEach, expect, test, vi } from 'vitest';
import { scene } from '../../shared/contracts/scene.ts';
import { keptLog } from '../../shared/testing/kept-log.ts';
import { heeding } from '../ipc/heeding.ts';
import { createCaptureWindow } from './capture-window.ts';

const url = 'app://scene/tray-scene/index.html';

/** The contents of a window of Electron, as far as they are used here. */
class Contents extends EventEmitter {
  readonly ipc = new EventEmitter();
  readonly frame = { parent: null, url };
  readonly setWindowOpenHandler = vi.fn();
  readonly executeJavaScriptInIsolatedWorld = vi.fn(() => Promise.resolve(true));
  readonly loadURL = vi.fn(() => Promise.resolve());
  /** As the page says it: `from` is the frame that it comes from, null for one that is gone. */
  says(channel: string, argument: unknown, from: object | null = this.frame): void {
    this.ipc.emit(channel, { sender: this, senderFrame: from }, argument);
  }
}

const windows = vi.hoisted((): { webContents: Contents; last?: () => void }[] => []);
vi.mock('electron', () => ({
  app: {},
  Menu: {},
  BrowserWindow: class {
    readonly webContents = new Contents();
    last: () => void = () => undefined;
    constructor() {
      windows.push(this);
    }
    isDestroyed(): boolean {
      return false;
    }
    /** What is under way from its page arrives while it goes. */
    destroy(): void {
      this.last();
    }
  },
}));

let kept: ReturnType<typeof keptLog>;
let weights: number[];

function open() {
  const window = createCaptureWindow({
    contract: scene,
    url,
    preload: 'preload.cjs',
    session: {} as Electron.Session,
    restartMs: [0],
    log: kept.log,
  });
  window.open({
    handlers: heeding(scene, { 'scene:weight': (grams) => weights.push(grams) }),
    gone: () => undefined,
  });
  return window;
}

const newest = () => windows.at(-1)!;

beforeEach(() => {
  windows.length = 0;
  weights = [];
  kept = keptLog();
});

test('what its page says is heard, and what a stranger says is refused', async () => {
  const window = open();
  const { webContents } = newest();
  webContents.says('scene:weight', 12);
  webContents.says('scene:weight', 13, { parent: null, url: 'https://elsewhere.example' });
  expect(weights).toEqual([12]);
  expect(kept.events).toMatchObject([
    { event: 'ipc-refused', channel: 'scene:weight', url: 'https://elsewhere.example' },
  ]);
  await window.close();
});

test('what was under way when it was closed is passed over in silence', async () => {
  const window = open();
  const { webContents } = newest();
  newest().last = () => webContents.says('scene:weight', 12, null);
  await window.close();
  webContents.says('scene:weight', 13);
  expect(weights).toEqual([]);
  expect(kept.events).toEqual([]);
});

test('so is what a page says that was given up', () => {
  open();
  const { webContents } = newest();
  webContents.emit('render-process-gone', {}, { reason: 'crashed' });
  webContents.says('scene:weight', 12);
  expect(weights).toEqual([]);
  expect(kept.events.map(({ event }) => event)).toEqual(['capture-window-gone']);
});

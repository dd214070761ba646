import { BrowserWindow } from 'electron';
import type { Session, WebContents } from 'electron';
import { sealedPage } from '../app/lock-down.ts';

export interface CaptureWindowOptions {
  readonly url: string;
  /** The built preload, CommonJS. */
  readonly preload: string;
  /** One of its own: its permissions are wider than those of the shopper's window. */
  readonly session: Session;
  readonly channels: { readonly toMain: string; readonly toPage: string };
  /** A page whose thread does not answer for this long is ended. Default 8000. */
  readonly hangMs?: number;
  /** How long to wait before the first, second, … window after one that failed; the last stays. */
  readonly restartMs?: readonly number[];
  readonly log?: (event: string, details: Record<string, unknown>) => void;
}

export interface CaptureWindowListener {
  /** From the page; it has only been checked that it comes from that page's main frame. */
  readonly message: (message: unknown) => void;
  /** The page died or hung; the next one is on its way. */
  readonly gone: (reason: string) => void;
}

/** A window that nobody sees, whose page works with the camera or draws the demo's tray. */
export interface CaptureWindow {
  readonly open: (listener: CaptureWindowListener) => void;
  /** Dropped while there is no page. */
  readonly send: (message: unknown) => void;
  readonly owns: (contents: WebContents) => boolean;
  readonly close: () => Promise<void>;
}

/** A window that has stood this long is no longer held against the next one. */
const settledMs = 30_000;

export function createCaptureWindow(options: CaptureWindowOptions): CaptureWindow {
  const restartMs = options.restartMs ?? [100, 500, 2000, 5000, 15_000];
  let listener: CaptureWindowListener | null = null;
  let window: BrowserWindow | null = null;
  let restart: NodeJS.Timeout | null = null;
  let heartbeat: NodeJS.Timeout | null = null;
  let failures = 0;
  let closed = false;

  function make(to: CaptureWindowListener): void {
    const made = new BrowserWindow({
      show: false,
      width: 320,
      height: 240,
      skipTaskbar: true,
      focusable: false,
      webPreferences: {
        ...sealedPage,
        session: options.session,
        preload: options.preload,
        devTools: false,
      },
    });
    window = made;
    const contents = made.webContents;
    const startedAt = performance.now();
    const fail = (reason: string) => {
      if (window !== made || closed) return;
      if (performance.now() - startedAt > settledMs) failures = 0;
      const waitMs = restartMs[Math.min(failures, restartMs.length - 1)] ?? 0;
      failures += 1;
      options.log?.('capture-window-gone', { url: options.url, reason, failures });
      remove(reason === hung);
      to.gone(reason);
      restart = setTimeout(() => make(to), waitMs);
    };
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
    contents.on('will-navigate', (event) => event.preventDefault());
    contents.on('will-redirect', (event) => event.preventDefault());
    contents.on('render-process-gone', (_event, details) => fail(details.reason));
    contents.on('did-finish-load', () => watchForHang(contents, fail));
    contents.ipc.on(options.channels.toMain, (event, message: unknown) => {
      const frame = event.senderFrame;
      const isOurs = frame !== null && frame === contents.mainFrame && frame.url === options.url;
      if (isOurs && window === made) to.message(message);
    });
    contents.loadURL(options.url).catch((error: unknown) => fail(`not loaded: ${error}`));
  }

  /** Chromium reports a page as unresponsive only when it misses input, which no hidden page gets. */
  function watchForHang(contents: WebContents, fail: (reason: string) => void): void {
    let answered = true;
    const ask = () => {
      if (!answered) {
        fail(hung);
        return;
      }
      answered = false;
      contents.executeJavaScriptInIsolatedWorld(heartbeatWorld, [{ code: 'true' }]).then(
        () => (answered = true),
        () => undefined,
      );
    };
    if (heartbeat !== null) clearInterval(heartbeat);
    heartbeat = setInterval(ask, options.hangMs ?? 8000);
    ask();
  }

  function remove(isHung: boolean): void {
    if (heartbeat !== null) clearInterval(heartbeat);
    if (restart !== null) clearTimeout(restart);
    const last = window;
    window = null;
    if (last === null || last.isDestroyed()) return;
    // A page that hangs keeps its process, and with it the camera, when only the window goes.
    if (isHung) last.webContents.forcefullyCrashRenderer();
    last.destroy();
  }

  return {
    open: (to) => {
      if (listener !== null) throw new Error('The capture window is open already.');
      listener = to;
      make(to);
    },
    send: (message) => {
      if (window === null || window.isDestroyed() || window.webContents.isCrashed()) return;
      window.webContents.send(options.channels.toPage, message);
    },
    owns: (contents) => window !== null && !window.isDestroyed() && window.webContents === contents,
    close: async () => {
      closed = true;
      remove(false);
    },
  };
}

const heartbeatWorld = 999;
const hung = 'hung';

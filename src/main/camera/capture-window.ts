import { BrowserWindow } from 'electron';
import type { Session, WebContents } from 'electron';
import type { Contract, PageListener, PagePort } from '../../shared/contracts/contract.ts';
import { exposing } from '../../shared/contracts/exposed.ts';
import { keepAlive } from '../../shared/keep-alive.ts';
import type { KeepAliveOptions, KeptAlive, Life } from '../../shared/keep-alive.ts';
import type { Log } from '../../shared/log.ts';
import { sealedPage } from '../app/lock-down.ts';
import { sendTo } from '../ipc/send.ts';
import { serve } from '../ipc/serve.ts';

export interface CaptureWindowOptions<C extends Contract> {
  readonly contract: C;
  readonly url: string;
  /** The built preload, CommonJS. */
  readonly preload: string;
  /** One of its own: its permissions are wider than those of the shopper's window. */
  readonly session: Session;
  /** A page whose thread does not answer for this long is ended. Default 8000. */
  readonly hangMs?: number;
  /** How long to wait before the first, second, … window after one that failed; the last stays. */
  readonly restartMs?: KeepAliveOptions['backoffMs'];
  readonly log: Log;
}

/** A window that nobody sees, whose page works with the camera or draws the demo's tray. */
export interface CaptureWindow<C extends Contract> extends PagePort<C> {
  readonly owns: (contents: WebContents) => boolean;
}

/** A window that has stood this long is no longer held against the next one. */
const settledMs = 30_000;

export function createCaptureWindow<C extends Contract>(
  options: CaptureWindowOptions<C>,
): CaptureWindow<C> {
  const { contract, log } = options;
  let keeper: KeptAlive | null = null;
  let window: BrowserWindow | null = null;
  let heartbeat: NodeJS.Timeout | null = null;
  let stopServing = (): void => undefined;

  async function make(life: Life, to: PageListener<C>): Promise<void> {
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
        additionalArguments: exposing([contract]),
        devTools: false,
      },
    });
    window = made;
    const contents = made.webContents;
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
    contents.on('will-navigate', (event) => event.preventDefault());
    contents.on('will-redirect', (event) => event.preventDefault());
    contents.on('render-process-gone', (_event, details) => life.ended(details.reason));
    contents.on('did-finish-load', () => watchForHang(contents, life));
    stopServing = serve(
      contract,
      { window: () => (life.isCurrent() ? contents : null), pageUrl: options.url },
      to.handlers,
      { ipc: contents.ipc, log },
    );
    await contents.loadURL(options.url);
  }

  /** Chromium reports a page as unresponsive only when it misses input, which no hidden page gets. */
  function watchForHang(contents: WebContents, life: Life): void {
    let answered = true;
    const ask = () => {
      if (!answered) {
        life.ended(hung);
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
    // What a page that is given up still says came too late, and is no stranger's.
    stopServing();
    if (heartbeat !== null) clearInterval(heartbeat);
    const last = window;
    window = null;
    if (last === null || last.isDestroyed()) return;
    // A page that hangs keeps its process, and with it the camera, when only the window goes.
    if (isHung) last.webContents.forcefullyCrashRenderer();
    last.destroy();
  }

  return {
    open: (to) => {
      if (keeper !== null) throw new Error('The capture window is open already.');
      keeper = keepAlive({
        start: (life) => make(life, to),
        backoffMs: options.restartMs ?? [100, 500, 2000, 5000, 15_000],
        healthyAfterMs: settledMs,
        onEnded: (cause, { failures }) => {
          const reason = typeof cause === 'string' ? cause : `not loaded: ${cause}`;
          log.error('capture-window-gone', { url: options.url, reason, failures });
          remove(reason === hung);
          to.gone(reason);
        },
      });
    },
    send: sendTo(contract, () =>
      window === null || window.isDestroyed() ? null : window.webContents,
    ),
    owns: (contents) => window !== null && !window.isDestroyed() && window.webContents === contents,
    close: async () => {
      keeper?.stop();
      remove(false);
    },
  };
}

const heartbeatWorld = 999;
const hung = 'hung';

import { BrowserWindow } from 'electron';
import type { Session, WebContents } from 'electron';
import type { Contract } from '../../shared/contracts/contract.ts';
import { exposing } from '../../shared/contracts/exposed.ts';
import { keepAlive } from '../../shared/keep-alive.ts';
import type { Life } from '../../shared/keep-alive.ts';
import type { Log } from '../../shared/log.ts';
import type { Timers } from '../../shared/timers.ts';
import { devToolsAllowed, sealedPage } from './lock-down.ts';

export interface KioskWindowOptions {
  readonly pageUrl: string;
  readonly preload: string;
  /** What the page may ask and is told. */
  readonly contracts: readonly Contract[];
  readonly session: Session;
  readonly windowed: boolean;
  readonly size: { readonly width: number; readonly height: number };
  readonly log: Log;
  /** The page died more often than reloading can mend; the app should end for its supervisor. */
  readonly onHopeless: () => void;
  readonly timers?: Timers;
}

export interface KioskWindow {
  readonly webContents: () => WebContents | null;
  readonly browserWindow: BrowserWindow;
}

const crashesAllowed = 3;
/** Each of so many pages in a row stood for less than this. */
const healthyAfterMs = 20_000;
const hangPatienceMs = 5_000;

/** The one window that shoppers see: sandboxed, without a menu, going nowhere but its own page. */
export function openKioskWindow(options: KioskWindowOptions): KioskWindow {
  const window = new BrowserWindow({
    ...options.size,
    useContentSize: true,
    show: false,
    kiosk: !options.windowed,
    frame: options.windowed,
    autoHideMenuBar: true,
    backgroundColor: '#14532F',
    title: 'Freshlane',
    webPreferences: {
      ...sealedPage,
      session: options.session,
      preload: options.preload,
      additionalArguments: exposing(options.contracts),
      devTools: devToolsAllowed(),
    },
  });
  window.once('ready-to-show', () => {
    window.show();
    options.log.info('window-shown');
  });
  keepPage(window, options);
  return {
    browserWindow: window,
    webContents: () => (window.isDestroyed() ? null : window.webContents),
  };
}

function keepPage(window: BrowserWindow, options: KioskWindowOptions): void {
  const { pageUrl, log, onHopeless } = options;
  let current: Life | null = null;
  const keeper = keepAlive({
    start: (life) => {
      current = life;
      return window.loadURL(pageUrl);
    },
    backoffMs: [0],
    healthyAfterMs,
    giveUpAfter: crashesAllowed + 1,
    onEnded: (reason, { failures, againInMs }) => {
      log.error('window-crashed', { reason: String(reason), times: failures });
      if (againInMs === null) onHopeless();
    },
    ...(options.timers && { timers: options.timers }),
  });
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason !== 'clean-exit') current?.ended(reason);
  });
  // A page that hangs is ended after a while, and so comes back like one that crashed.
  let patience: NodeJS.Timeout | undefined;
  window.on('unresponsive', () => {
    log.error('window-hangs');
    patience = setTimeout(() => window.webContents.forcefullyCrashRenderer(), hangPatienceMs);
  });
  window.on('responsive', () => clearTimeout(patience));
  window.on('closed', () => {
    clearTimeout(patience);
    keeper.stop();
  });
}

import { BrowserWindow } from 'electron';
import type { Session, WebContents } from 'electron';
import type { Contract } from '../../shared/contracts/contract.ts';
import { exposing } from '../../shared/contracts/exposed.ts';
import type { Log } from '../../shared/log.ts';
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
}

export interface KioskWindow {
  readonly webContents: () => WebContents | null;
  readonly browserWindow: BrowserWindow;
}

const crashesAllowed = 3;
const crashWindowMs = 60_000;
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
  reloadAfterCrashes(window, options);
  void window.loadURL(options.pageUrl);
  return {
    browserWindow: window,
    webContents: () => (window.isDestroyed() ? null : window.webContents),
  };
}

function reloadAfterCrashes(window: BrowserWindow, options: KioskWindowOptions): void {
  let crashes: number[] = [];
  window.webContents.on('render-process-gone', (_event, details) => {
    if (details.reason === 'clean-exit') return;
    const now = Date.now();
    crashes = [...crashes.filter((at) => now - at < crashWindowMs), now];
    options.log.error('window-crashed', { reason: details.reason, times: crashes.length });
    if (crashes.length > crashesAllowed) options.onHopeless();
    else void window.loadURL(options.pageUrl);
  });
  // A page that hangs is ended after a while, and so comes back like one that crashed.
  let patience: NodeJS.Timeout | undefined;
  window.on('unresponsive', () => {
    options.log.error('window-hangs');
    patience = setTimeout(() => window.webContents.forcefullyCrashRenderer(), hangPatienceMs);
  });
  window.on('responsive', () => clearTimeout(patience));
  window.on('closed', () => clearTimeout(patience));
}

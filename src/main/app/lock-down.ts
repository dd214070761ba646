import { app, Menu } from 'electron';
import type { Session, WebContents, WebPreferences } from 'electron';

/** Developer tools exist only where the app runs from its sources. */
export function devToolsAllowed(): boolean {
  return !app.isPackaged;
}

/** A packaged kiosk ends when it is started with a door open: no fuse stops these switches. */
export function refusedSwitch(args: readonly string[]): string | null {
  const refused = /^--(remote-debugging-(port|pipe)|inspect(-brk)?|js-flags|load-extension)\b/;
  return args.find((argument) => refused.test(argument)) ?? null;
}

/** What every page of the app lives with, whoever opens its window. */
export const sealedPage: WebPreferences = {
  sandbox: true,
  contextIsolation: true,
  nodeIntegration: false,
  webviewTag: false,
  spellcheck: false,
  backgroundThrottling: false,
};

/** What holds for every window of the app, whoever makes it. */
export function lockDown(): void {
  // The default menu's keys (reload, developer tools, close, full screen) leave the kiosk.
  Menu.setApplicationMenu(null);
  app.on('web-contents-created', (_event, contents) => lockContents(contents));
}

function lockContents(contents: WebContents): void {
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  contents.on('will-navigate', (event) => event.preventDefault());
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
}

/** For sessions whose pages need no permission at all: Electron grants everything by default. */
export function denyPermissions(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, callback) => callback(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
}

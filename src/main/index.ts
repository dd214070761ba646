import { mkdirSync } from 'node:fs';
import inspector from 'node:inspector';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { app, protocol } from 'electron';
import { appScheme } from './app/app-protocol.ts';
import { lockDown, refusedSwitch } from './app/lock-down.ts';
import { createProcessLog, printerTo } from '../logging/process-log.ts';
import { createLog } from '../shared/log.ts';
import { eventLines } from './checkout/fact-lines.ts';
import { playDemoSale } from './demo/demo-sale.ts';
import { startKiosk } from './kiosk/kiosk.ts';
import type { Kiosk } from './kiosk/kiosk.ts';
import { openShop } from './kiosk/shop.ts';
import { OptionsError, parseOptions } from './app/options.ts';
import type { Options } from './app/options.ts';
import { pathsFrom } from './app/paths.ts';

const blockedResolutionMs = 5;

const exitCodes = { wrongUse: 2, alreadyRunning: 3, failed: 1 } as const;

// A terminal that is gone or full must not end the till.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
const processLog = createProcessLog({ print: printerTo(process.stderr) });
const log = createLog(processLog.write);
const options = readOptions();
const paths = pathsFrom({
  app: app.getAppPath(),
  resources: app.isPackaged ? process.resourcesPath : null,
});

// Electron would show a dialog that nobody is there to close; the supervisor starts anew instead.
process.on('uncaughtException', fail);
refuseOpenDoors();
if (options.ledger !== null) {
  // Only here: the kiosk itself keeps SQLite in a thread of its own.
  const { runLedgerCommand } = await import('./ledger/ledger-command.ts');
  const { processOutput } = await import('./ledger/write-out.ts');
  const dataFolder = options.data ?? app.getPath('userData');
  // Before the app is ready, so that it needs no display.
  process.exit(runLedgerCommand({ action: options.ledger, dataFolder }, processOutput));
}
if (options.data !== null) {
  mkdirSync(options.data, { recursive: true });
  app.setPath('userData', options.data);
}
// The app ends when it is told to, not between two windows: the capture window comes and goes.
app.on('window-all-closed', () => undefined);
protocol.registerSchemesAsPrivileged([appScheme]);
app.commandLine.appendSwitch('disable-pinch');
// The virtual tray is WebGL; a machine without a GPU draws it in software.
app.commandLine.appendSwitch('enable-unsafe-swiftshader');
lockDown();

if (app.requestSingleInstanceLock()) void run();
else {
  process.stderr.write('Freshlane is already running with this data folder.\n');
  app.exit(exitCodes.alreadyRunning);
}

async function run(): Promise<void> {
  processLog.toFile(join(app.getPath('userData'), 'logs', 'kiosk.log'));
  log.info('started', { version: app.getVersion(), electron: process.versions.electron });
  await app.whenReady();
  const blocked = monitorEventLoopDelay({ resolution: blockedResolutionMs });
  blocked.enable();
  let kiosk: Kiosk | null = null;
  try {
    const dataFolder = app.getPath('userData');
    const shop = await openShop(options, dataFolder, paths, log);
    const running = await startKiosk({
      options,
      paths,
      dataFolder,
      shop,
      log,
      onChange: (change) => {
        if (options.json) eventLines(change, Date.now()).forEach(printLine);
      },
      onHopeless: () => fail(new Error('The window crashed again and again.')),
    });
    kiosk = running;
    running.window.browserWindow.on('closed', () => app.quit());
    app.on('second-instance', () => running.window.browserWindow.focus());
    stopInOrder(running.stop);
    const told = running.ready.then((recognition) => {
      blocked.disable();
      // Counted from one look to the next, which lie that far apart where nothing is blocked.
      const mostMs = Math.round(blocked.max / 1e6 - blockedResolutionMs);
      log.info('start-timed', { mainBlockedMostMs: mostMs });
      if (options.json) printLine({ event: 'ready', at: new Date().toISOString(), recognition });
    });
    if (options.demoSale) {
      const { window, checkout, virtualTray, ready } = running;
      if (virtualTray === null) throw new Error('The demo sale needs the virtual tray as camera.');
      await playDemoSale({
        window: window.browserWindow,
        checkout,
        virtualTray,
        ready,
        picturesFolder: options.pictures,
      });
      app.quit();
    }
    await told;
  } catch (error) {
    await kiosk?.stop().catch((fault: unknown) => log.error('stop-failed', { error: fault }));
    fail(error);
  }
}

/** Ends at once, with the reason as the log's last line. */
function fail(error: unknown): void {
  processLog.end({ level: 'error', event: 'ended', error });
  app.exit(exitCodes.failed);
}

function readOptions(): Options {
  // Before the app's own path stand Electron's and Chromium's switches.
  const folderAt = process.argv.findIndex((part, index) => index > 0 && !part.startsWith('-'));
  const args = process.argv.slice(app.isPackaged ? 1 : folderAt + 1);
  try {
    return parseOptions(args, process.cwd());
  } catch (error) {
    if (!(error instanceof OptionsError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(exitCodes.wrongUse);
  }
}

/**
 * No fuse stops Chromium's remote debugging. A package refuses it, unless it was built for tests:
 * then its fuse lets Node's inspector be open, which in a shop's package it never is.
 */
function refuseOpenDoors(): void {
  if (!app.isPackaged || inspector.url() !== undefined) return;
  const refused = refusedSwitch(process.argv);
  if (refused === null) return;
  process.stderr.write(`Freshlane does not start with ${refused.split('=')[0] ?? refused}.\n`);
  process.exit(exitCodes.wrongUse);
}

/** Everything is stopped before the app ends, whoever ends it: the ledger first of all is closed. */
function stopInOrder(stop: () => Promise<void>): void {
  let stopped = false;
  app.on('before-quit', (event) => {
    if (stopped) return;
    event.preventDefault();
    void stop()
      .catch((error: unknown) => log.error('stop-failed', { error }))
      .then(() => {
        log.info('stopped');
        return processLog.close();
      })
      .finally(() => {
        stopped = true;
        app.exit(0);
      });
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => app.quit());
}

function printLine(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

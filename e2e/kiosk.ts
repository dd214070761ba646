import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { _electron, expect, test } from '@playwright/test';
import type { ElectronApplication, Locator, Page } from '@playwright/test';
import type { PageApi } from '../src/shared/contracts/contract.ts';
import type { Demo } from '../src/shared/contracts/demo.ts';
import type { Shopper } from '../src/shared/contracts/shopper.ts';
import type { Screen, Snapshot } from '../src/shared/snapshot.ts';

declare global {
  interface Window {
    readonly shopper: PageApi<Shopper>;
    readonly demo?: PageApi<Demo>;
  }
}

/** The packed program, where it is what the tests run against. */
const packed = process.env['FRESHLANE_EXECUTABLE'];
export const projectFolder = resolve(import.meta.dirname, '..');
const program = packed ?? resolve(projectFolder, '.runtime/electron/electron');

/** What has to stand before the app's own arguments, whoever starts it. */
const programArguments = [
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  ...(packed === undefined ? [projectFolder] : []),
];

const patienceMs = 90_000;
const lookEveryMs = 25;

/** A line of `--json` or of the log. */
export type Line = Readonly<Record<string, unknown>>;

export interface KioskWish {
  /** Kept when given; else a new one, which goes with the kiosk. */
  readonly data?: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** False where no `ready` line will come. */
  readonly ready?: boolean;
}

/** The app as a plain program: for what ends by itself. */
export function appCommand(args: readonly string[]): { program: string; args: string[] } {
  return { program, args: [...programArguments, ...args] };
}

/** The tests' own environment without what would speak to the app. */
export function cleanEnvironment(): Record<string, string> {
  const unwanted =
    /^(ELECTRON_RUN_AS_NODE|NODE_OPTIONS|(second)?(prediction(endpoint|key)|projectid|modelname))$/i;
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      value === undefined || unwanted.test(name) ? [] : [[name, value]],
    ),
  );
}

/** A running kiosk and its shopper's window. */
export class Kiosk {
  readonly data: string;
  readonly app: ElectronApplication;
  readonly page: Page;
  readonly process: ChildProcess;
  /** Complaints of the window's console: a policy's refusals, and what was thrown. */
  readonly complaints: string[] = [];
  private readonly said: string;
  private readonly ownsData: boolean;
  private eventsHeard = 0;

  private constructor(app: ElectronApplication, page: Page, wish: KioskWish, said: string) {
    this.app = app;
    this.page = page;
    this.process = app.process();
    this.said = said;
    this.ownsData = wish.data === undefined;
    this.data = wish.data ?? join(said, 'data');
    page.on('console', (message) => {
      if (message.type() === 'error') this.complaints.push(message.text());
    });
    page.on('pageerror', (error) => this.complaints.push(error.message));
  }

  static async start(wish: KioskWish = {}): Promise<Kiosk> {
    const said = mkdtempSync(join(tmpdir(), 'freshlane-e2e-'));
    waitLongForRecognition(wish.data ?? join(said, 'data'));
    const app = await _electron.launch({
      executablePath: join(import.meta.dirname, 'say-all.sh'),
      timeout: patienceMs,
      args: [
        ...programArguments,
        '--force-color-profile=srgb',
        '--force-device-scale-factor=1',
        '--windowed',
        '--json',
        `--data=${wish.data ?? join(said, 'data')}`,
        ...(wish.args ?? ['--demo']),
      ],
      env: {
        ...cleanEnvironment(),
        ...wish.env,
        FRESHLANE_PROGRAM: program,
        FRESHLANE_SAID: said,
      },
    });
    const page = await shopperPage(app);
    const kiosk = new Kiosk(app, page, wish, said);
    if (wish.ready !== false) await kiosk.event('ready');
    await expect(page.locator('.kiosk')).toBeVisible();
    return kiosk;
  }

  /** All that the app has written so far. */
  output(stream: 'stdout' | 'stderr'): string {
    const file = join(this.said, stream);
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  }

  /** The next JSON line of that name with those fields, past the ones already asked for. */
  async event(name: string, fields: Line = {}): Promise<Line> {
    const wanted = { event: name, ...fields };
    return wait(
      `the event ${JSON.stringify(wanted)}`,
      () => this.output('stdout'),
      () => {
        const lines = jsonLines(this.output('stdout'));
        const at = lines.findIndex((line, index) => index >= this.eventsHeard && has(line, wanted));
        if (at === -1) return null;
        this.eventsHeard = at + 1;
        return lines[at] ?? null;
      },
    );
  }

  events(name: string): readonly Line[] {
    return jsonLines(this.output('stdout')).filter((line) => line['event'] === name);
  }

  /** A line of the log, from the start on. */
  async logged(name: string, fields: Line = {}): Promise<Line> {
    const wanted = { event: name, ...fields };
    return wait(
      `the log line ${JSON.stringify(wanted)}`,
      () => this.output('stderr'),
      () => this.log().find((line) => has(line, wanted)),
    );
  }

  log(): readonly Line[] {
    return jsonLines(this.output('stderr'));
  }

  async sees(screen: Screen['kind']): Promise<void> {
    await expect(this.page.locator(`[data-screen="${screen}"]`)).toBeVisible();
  }

  key(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name, exact: typeof name === 'string' });
  }

  /** Touches a product on the demo's shelf, by the name that a screen reader says. */
  async lay(name: string): Promise<void> {
    await this.key(`Lay ${name} on the tray`).click();
  }

  /** Makes the window's content so large, and waits for the page to have it. */
  async resize({ width, height }: { width: number; height: number }): Promise<void> {
    await this.app.evaluate(
      ({ BrowserWindow }, size) => {
        for (const window of BrowserWindow.getAllWindows()) {
          if (!window.webContents.getURL().startsWith('app://kiosk/')) continue;
          window.setContentSize(size.width, size.height);
        }
      },
      { width, height },
    );
    await this.page.waitForFunction((wanted) => innerWidth === wanted, width);
    await this.page.evaluate(
      () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
    );
  }

  /** Starts a sale with fruit from the lookup, for what is not about the camera. */
  async startByHand(...names: readonly string[]): Promise<void> {
    await this.key('Start').click();
    for (const name of names) {
      await this.key('Find item').click();
      await this.key(new RegExp(`^${name}`)).click();
      await this.sees('cart');
    }
  }

  async snapshot(): Promise<Snapshot> {
    const reply = await this.page.evaluate(() => window.shopper.request['kiosk:snapshot']());
    if (!reply.ok) throw new Error(`No snapshot: ${reply.code}`);
    return reply.value;
  }

  /** Empties tray and cart, wherever the last test left them, and waits for the welcome screen. */
  async startOver(): Promise<void> {
    await this.page.evaluate(async () => {
      const request = window.demo?.request;
      const lying = await request?.['demo:touchables']();
      for (const { instanceId } of lying?.ok === true ? lying.value : []) {
        if (instanceId !== null) await request?.['demo:take']({ instanceId });
      }
    });
    await wait(
      'an empty tray',
      () => this.output('stderr'),
      () => {
        const count = (name: string) => this.log().filter((line) => line['event'] === name).length;
        return count('item-timed') === count('item-left') ? true : null;
      },
    );
    const waysOut = this.key(
      /^(Leave it out|Nothing new|Back to the cart|Done|Cancel all|Empty the cart)$/,
    );
    const welcome = this.page.locator('[data-screen="welcome"]');
    while ((await welcome.count()) === 0) {
      // The last one lies uppermost: a dialog's. It may go while it is reached for; the next look
      // finds what stands there then.
      await waysOut
        .last()
        .click({ timeout: 1_000 })
        .catch(() => undefined);
    }
    this.eventsHeard = jsonLines(this.output('stdout')).length;
  }

  /** Gives what the app said to the report of a test that failed. */
  async attachWhenFailed(): Promise<void> {
    const info = test.info();
    if (info.status === info.expectedStatus) return;
    for (const stream of ['stdout', 'stderr'] as const) {
      await info.attach(stream, {
        body: this.output(stream).slice(-20_000),
        contentType: 'text/plain',
      });
    }
  }

  /** Ends it as a power cut would: the whole group at once. */
  async kill(): Promise<void> {
    const ended = this.ended();
    this.signalGroup('SIGKILL');
    await ended;
  }

  /** Ends it in order, and by force where that takes too long. */
  async close(): Promise<void> {
    if (this.isRunning()) {
      const ended = this.ended();
      const force = setTimeout(() => this.signalGroup('SIGKILL'), 10_000);
      await Promise.race([this.app.close().catch(() => undefined), ended]);
      await ended;
      clearTimeout(force);
    }
    if (this.ownsData) rmSync(this.data, { recursive: true, force: true });
    rmSync(this.said, { recursive: true, force: true });
  }

  private isRunning(): boolean {
    const { exitCode, signalCode } = this.process;
    return exitCode === null && signalCode === null;
  }

  private ended(): Promise<void> {
    return new Promise((done) => {
      if (this.isRunning()) this.process.once('exit', () => done());
      else done();
    });
  }

  private signalGroup(signal: NodeJS.Signals): void {
    const { pid } = this.process;
    if (pid === undefined) return;
    try {
      // Playwright starts it as the leader of a group of its own.
      process.kill(-pid, signal);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
    }
  }
}

/** A shopper waits for two seconds at most; on a busy machine the engine may take longer. */
function waitLongForRecognition(data: string): void {
  mkdirSync(data, { recursive: true });
  writeFileSync(join(data, 'settings.json'), '{ "recognition": { "DeadlineMs": 10000 } }');
}

/** The kiosk has other windows, hidden ones; the shopper's is known by its address. */
async function shopperPage(app: ElectronApplication): Promise<Page> {
  return wait(
    'the window',
    () => '',
    () => app.windows().find((page) => page.url().startsWith('app://kiosk/')),
  );
}

async function wait<T>(
  what: string,
  told: () => string,
  look: () => T | null | undefined,
): Promise<T> {
  const startedMs = performance.now();
  for (;;) {
    const found = look();
    if (found !== null && found !== undefined) return found;
    if (performance.now() - startedMs > patienceMs) {
      throw new Error(`Waited in vain for ${what}.\n${told().slice(-2_000)}`);
    }
    await new Promise((done) => setTimeout(done, lookEveryMs));
  }
}

function has(line: Line, wanted: Line): boolean {
  return Object.entries(wanted).every(([name, value]) => line[name] === value);
}

/** Whole lines only; Chromium's own words stand among them. */
export function jsonLines(text: string): readonly Line[] {
  return text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Line);
}

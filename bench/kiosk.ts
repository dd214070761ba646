import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { _electron } from 'playwright';
import type { ElectronApplication, Page } from 'playwright';
import type { PageApi } from '../src/shared/contracts/contract.ts';
import type { Shopper } from '../src/shared/contracts/shopper.ts';

declare global {
  interface Window {
    readonly shopper: PageApi<Shopper>;
  }
}

/** A line of the kiosk's `--json`, with its time in `at`, or of its log, with `time` and `level`. */
export type KioskLine = Readonly<Record<string, unknown>>;

/** The real kiosk in the demo shop, in a data folder of its own. */
export interface BenchKiosk {
  readonly app: ElectronApplication;
  readonly page: Page;
  /** All that it has said so far. */
  readonly lines: readonly KioskLine[];
  /** Resolves with the first line, said already or not, that is wanted; rejects after a minute. */
  readonly said: (wanted: (line: KioskLine) => boolean, what: string) => Promise<KioskLine>;
  readonly close: () => Promise<void>;
}

export const electronFile = resolve('.runtime/electron/electron');

/** Root may not use Chromium's sandbox. */
export const sandboxSwitches = process.getuid?.() === 0 ? ['--no-sandbox'] : [];

const patienceMs = 60_000;

/** `prepare` lays into the data folder what the kiosk is to find there. */
export async function openKiosk(
  args: readonly string[],
  prepare: (dataFolder: string) => Promise<void> = async () => undefined,
): Promise<BenchKiosk> {
  const folder = await mkdtemp(join(tmpdir(), 'freshlane-bench-'));
  await prepare(folder);
  const app = await _electron.launch({
    executablePath: electronFile,
    args: [...sandboxSwitches, '.', '--demo', '--json', `--data=${folder}`, ...args],
    timeout: patienceMs,
  });
  const lines: KioskLine[] = [];
  const waiting = new Set<(line: KioskLine) => void>();
  const child = app.process();
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue;
    readLines(stream, (line) => {
      lines.push(line);
      for (const look of waiting) look(line);
    });
  }
  const page = await kioskPage(app);
  return {
    app,
    page,
    lines,
    said: (wanted, what) =>
      new Promise((done, fail) => {
        const found = lines.find(wanted);
        if (found !== undefined) {
          done(found);
          return;
        }
        const look = (line: KioskLine): void => {
          if (!wanted(line)) return;
          clearTimeout(timer);
          waiting.delete(look);
          done(line);
        };
        const timer = setTimeout(() => {
          waiting.delete(look);
          fail(new Error(`The kiosk never said: ${what}.`));
        }, patienceMs);
        waiting.add(look);
      }),
    close: async () => {
      await app.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The shopper's window; the hidden ones come in any order. */
async function kioskPage(app: ElectronApplication): Promise<Page> {
  const isKiosk = (page: Page): boolean => page.url().startsWith('app://kiosk/');
  for (;;) {
    const found = app.windows().find(isKiosk);
    if (found !== undefined) return found;
    const next = await app.waitForEvent('window', { timeout: patienceMs });
    await next.waitForURL(/^app:/, { timeout: patienceMs });
  }
}

/** What is no JSON is Chromium's, and passed over. */
export function readLines(stream: Readable, take: (line: KioskLine) => void): void {
  createInterface(stream).on('line', (text) => {
    if (!text.startsWith('{')) return;
    try {
      take(JSON.parse(text) as KioskLine);
    } catch {
      return;
    }
  });
}

export function requireBuild(): void {
  if (!existsSync('out/main/index.js')) throw new Error('The app is not built.');
}

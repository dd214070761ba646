import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spread } from './figure.ts';
import type { Figure } from './figure.ts';
import { electronFile, readLines, requireBuild, sandboxSwitches } from './kiosk.ts';

interface StartTimes {
  readonly window: number;
  readonly ready: number;
  /** The longest that main did not come to its events in between. */
  readonly blocked: number;
}

const runs = 5;
const timeLimitMs = 60_000;

/** From the app's process to its window, and to an item laid down that would be in the cart. */
export async function benchStart(): Promise<readonly Figure[]> {
  requireBuild();
  const folder = await mkdtemp(join(tmpdir(), 'freshlane-bench-'));
  try {
    // The first start lays the demo shop's project into the data folder.
    const first = await startOnce(folder);
    const times: StartTimes[] = [];
    for (let run = 0; run < runs; run += 1) times.push(await startOnce(folder));
    const note = `demo shop, ${runs} starts after the first`;
    return [
      ...spread(
        'app start to window',
        'ms',
        note,
        times.map(({ window }) => window),
      ),
      ...spread(
        'app start to ready',
        'ms',
        note,
        times.map(({ ready }) => ready),
      ),
      ...spread(
        'app start, main blocked at most',
        'ms',
        note,
        times.map(({ blocked }) => blocked),
      ),
      ...spread('app first start to ready', 'ms', 'a new data folder', [first.ready]),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function startOnce(dataFolder: string): Promise<StartTimes> {
  return new Promise((done, fail) => {
    const startedMs = performance.now();
    const args = [...sandboxSwitches, '.', '--demo', '--json', `--data=${dataFolder}`];
    const child = spawn(electronFile, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    const timer = setTimeout(() => child.kill('SIGKILL'), timeLimitMs);
    let window = Number.NaN;
    let ready = Number.NaN;
    let blocked = Number.NaN;
    readLines(child.stderr, (line) => {
      if (line['event'] === 'start-timed') blocked = Number(line['mainBlockedMostMs']);
      if (line['event'] === 'window-shown') window = performance.now() - startedMs;
    });
    readLines(child.stdout, (line) => {
      if (line['event'] !== 'ready') return;
      ready = performance.now() - startedMs;
      child.kill('SIGTERM');
    });
    child.on('error', fail);
    child.on('close', () => {
      clearTimeout(timer);
      if (Number.isNaN(ready) || Number.isNaN(window)) fail(new Error('The app was never ready.'));
      else done({ window, ready, blocked });
    });
  });
}

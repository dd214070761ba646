import { loadavg } from 'node:os';
import { benchLive, benchWebcam } from './cameras.ts';
import { benchDemoShop } from './demo-shop.ts';
import { benchEngineLists } from './engine-lists.ts';
import { benchDetect } from './detect.ts';
import { benchEngine } from './engine.ts';
import { benchFewShot } from './few-shot.ts';
import type { Figure } from './figure.ts';
import { benchFilms } from './films.ts';
import { benchFilmsKiosk } from './films-kiosk.ts';
import { benchGroceries } from './groceries.ts';
import { benchItem } from './item.ts';
import { benchKills } from './kills.ts';
import { benchMalformed } from './malformed.ts';
import { benchMemory } from './memory.ts';
import { benchRecognition } from './recognition.ts';
import { benchSecondLook } from './second-look.ts';
import { benchStart } from './start.ts';
import { benchTray } from './tray.ts';

interface Bench {
  readonly run: () => Promise<readonly Figure[]>;
  readonly limitMinutes: number;
}

/** By the names that `npm run bench -- NAME…` takes, in the order in which all of them run. */
const benches: Readonly<Record<string, Bench>> = {
  tray: { run: benchTray, limitMinutes: 60 },
  films: { run: benchFilms, limitMinutes: 120 },
  'films-kiosk': { run: benchFilmsKiosk, limitMinutes: 60 },
  item: { run: benchItem, limitMinutes: 20 },
  'demo-shop': { run: benchDemoShop, limitMinutes: 20 },
  detect: { run: benchDetect, limitMinutes: 15 },
  recognition: { run: benchRecognition, limitMinutes: 3 },
  engine: { run: benchEngine, limitMinutes: 20 },
  'engine-lists': { run: benchEngineLists, limitMinutes: 5 },
  'few-shot': { run: benchFewShot, limitMinutes: 5 },
  groceries: { run: benchGroceries, limitMinutes: 15 },
  'second-look': { run: benchSecondLook, limitMinutes: 10 },
  kills: { run: benchKills, limitMinutes: 20 },
  malformed: { run: benchMalformed, limitMinutes: 5 },
  live: { run: benchLive, limitMinutes: 5 },
  webcam: { run: benchWebcam, limitMinutes: 5 },
  start: { run: benchStart, limitMinutes: 5 },
  memory: { run: benchMemory, limitMinutes: 15 },
};

/**
 * Runs the named benches, or all, one after another: a JSON line a figure on standard output, what
 * else there is to say on standard error. False where one failed or is unknown.
 */
export async function runBenches(names: readonly string[]): Promise<boolean> {
  const unknown = names.filter((name) => !(name in benches));
  if (unknown.length > 0) {
    say(`There is no bench ${unknown.join(', ')}; there are ${Object.keys(benches).join(', ')}.`);
    return false;
  }
  let allRight = true;
  for (const [name, bench] of Object.entries(benches)) {
    if (names.length > 0 && !names.includes(name)) continue;
    const startedMs = performance.now();
    say(`${name}… (load ${loadavg()[0]?.toFixed(1)})`);
    try {
      const figures = await within(bench.limitMinutes, bench.run());
      for (const one of figures) process.stdout.write(`${JSON.stringify(one)}\n`);
      say(`${name}: ${((performance.now() - startedMs) / 1000).toFixed(0)} s`);
    } catch (error) {
      allRight = false;
      say(`${name} failed: ${error instanceof Error ? (error.stack ?? error.message) : error}`);
    }
  }
  return allRight;
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

function within<T>(limitMinutes: number, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`It took over ${limitMinutes} minutes.`)),
      limitMinutes * 60_000,
    );
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

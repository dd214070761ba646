import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Chroma, Thumb } from '../src/shared/frame.ts';
import type { ThumbReel } from '../src/main/batch-render/render-script.ts';
import { seededRandom } from '../src/shared/seeded-random.ts';
import { createTray } from '../src/main/tray/tray.ts';
import type { TrayEvent } from '../src/main/tray/tray.ts';

/** What a camera and a shop add to clean pictures. */
export interface Weather {
  readonly name: string;
  readonly seed: number;
  /** Standard deviation in grey levels, and the part that grows with the light. */
  readonly noise: number;
  readonly shot: number;
  /** How far the light's level wanders, as a part of it. */
  readonly drift: number;
  /** The part of the light that a lamp gives that is switched off and on every quarter of a minute. */
  readonly lamp: number;
  /** What the camera's exposure makes of the scene's white. */
  readonly exposure: number;
}

export interface ReelTally {
  placements: number;
  removals: number;
  passes: number;
  missed: number;
  doubled: number;
  misnamed: number;
  /** A line for each thing that went wrong. */
  readonly faults: string[];
  /** Processing time of each picture. */
  readonly tookMs: number[];
  /** From the first picture at rest to `placed`; 0 where the item counted while its hand was leaving. */
  readonly delaysMs: number[];
}

export interface LoadedReel extends ThumbReel {
  readonly thumbs: Uint8Array;
  readonly chroma: Chroma;
}

export async function loadReel(folder: string): Promise<LoadedReel> {
  const reel = JSON.parse(await readFile(join(folder, 'reel.json'), 'utf8')) as ThumbReel;
  const [thumbs, cb, cr] = await Promise.all(
    ['thumbs.grey', 'thumbs.cb', 'thumbs.cr'].map((name) => readFile(join(folder, name))),
  );
  if (thumbs === undefined || cb === undefined || cr === undefined) throw new Error(folder);
  return { ...reel, thumbs, chroma: { cb, cr } };
}

/**
 * Plays a rendered script past the tray in some weather and counts what was reported amiss. At more
 * pictures a second than were rendered, hands are so much faster and items rest as long.
 */
export function playReel(
  reel: LoadedReel,
  weather: Weather,
  framesPerSecond = reel.script.framesPerSecond,
): ReelTally {
  const { frames, width, height } = reel;
  const random = seededRandom(weather.seed);
  const see = camera(reel, weather, random);
  const tray = createTray();
  const tally: ReelTally = {
    placements: 0,
    removals: 0,
    passes: 0,
    missed: 0,
    doubled: 0,
    misnamed: 0,
    faults: [],
    tookMs: [],
    delaysMs: [],
  };
  const lying: (string | null)[] = [];
  let nowMs = 0;
  let events: TrayEvent[] = [];
  const show = (frame: number): void => {
    nowMs += 1000 / framesPerSecond;
    const thumb = { width, height, ...see(frame, nowMs), atMs: nowMs };
    const startedMs = performance.now();
    const said = tray.see(thumb);
    tally.tookMs.push(performance.now() - startedMs);
    events.push(...said);
  };
  for (const [index, { step, resting }] of frames.entries()) {
    if (!resting) {
      show(index);
      continue;
    }
    const restsFromMs = nowMs + 1000 / framesPerSecond;
    const restMs = step < 0 ? 1000 : 700 + random() * 800;
    const pictures = Math.round((restMs * framesPerSecond) / 1000);
    for (let picture = 0; picture < pictures; picture += 1) show(index);
    judge(reel, step, events, restsFromMs, lying, tally);
    events = [];
  }
  return tally;
}

function judge(
  { script }: LoadedReel,
  step: number,
  events: readonly TrayEvent[],
  restsFromMs: number,
  lying: (string | null)[],
  tally: ReelTally,
): void {
  const said = script.steps[step];
  if (said === undefined) return;
  const placed = events.filter((event) => event.kind === 'placed');
  const removed = events.filter((event) => event.kind === 'removed');
  const moved = events.filter((event) => event.kind === 'moved');
  const faults: string[] = [];
  let wrong = moved.length;
  switch (said.kind) {
    case 'lay': {
      tally.placements += 1;
      const [first] = placed;
      if (first === undefined) {
        tally.missed += 1;
        faults.push('not placed');
      } else {
        tally.delaysMs.push(Math.max(0, first.atMs - restsFromMs));
      }
      if (placed.length > 1) {
        tally.doubled += placed.length - 1;
        faults.push(`placed ${placed.length} times`);
      }
      lying.push(first?.placementId ?? null);
      wrong += removed.length;
      break;
    }
    case 'take': {
      tally.removals += 1;
      const [id] = lying.splice(said.index, 1);
      const right = removed.filter(({ placementId }) => placementId === id).length;
      if (right === 0) {
        tally.missed += 1;
        faults.push(`${id} not removed`);
      }
      tally.doubled += placed.length;
      if (placed.length > 0) faults.push(`placed ${placed.length}`);
      wrong += removed.length - right;
      break;
    }
    case 'pass':
      tally.passes += 1;
      tally.doubled += placed.length;
      if (placed.length > 0) faults.push(`placed ${placed.length}`);
      wrong += removed.length;
      break;
  }
  if (wrong > 0) {
    tally.misnamed += wrong;
    faults.push(`${wrong} others removed or moved`);
  }
  if (faults.length > 0) {
    const what = JSON.stringify(said);
    const kinds = events.map((event) => event.kind).join(' ');
    tally.faults.push(`${step} ${what}: ${faults.join(', ')} (${kinds})`);
  }
}

const gaussSize = 1 << 16;
/** What chroma is where there is no colour. */
const neutral = 128;

/** The pictures of a reel as a camera of that noise sees them in that light. */
function camera(
  { thumbs, chroma, width, height }: LoadedReel,
  { noise, shot, drift, lamp, exposure, seed }: Weather,
  random: () => number,
): (frame: number, nowMs: number) => Pick<Thumb, 'grey' | 'chroma'> {
  const gauss = Float32Array.from(
    { length: gaussSize },
    () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()),
  );
  const size = width * height;
  // More light has more colour; a camera keeps half as much of the noise in it.
  const coloured = (clean: number, light: number, at: number, sigma: number): number => {
    const noise = ((gauss[at & (gaussSize - 1)] ?? 0) * sigma) / 2;
    return Math.min(255, Math.max(0, neutral + (clean - neutral) * light + noise + 0.5));
  };
  return (frame, nowMs) => {
    const seconds = nowMs / 1000;
    const isLampOff = Math.floor(seconds / 15.3) % 2 === 1;
    const level =
      exposure * (1 + drift * Math.sin(seconds / 17 + seed)) * (isLampOff ? 1 - lamp : 1);
    const tiltX = 0.4 * drift * Math.sin(seconds / 23 + seed * 2);
    const tiltY = 0.3 * drift * Math.sin(seconds / 29 + seed * 3);
    const grey = new Uint8Array(size);
    const [cb, cr] = [new Uint8Array(size), new Uint8Array(size)];
    const from = frame * size;
    const start = Math.floor(random() * gaussSize);
    for (let y = 0, p = 0; y < height; y += 1) {
      const row = level * (1 + tiltY * ((2 * y) / height - 1));
      for (let x = 0; x < width; x += 1, p += 1) {
        const light = row * (1 + tiltX * ((2 * x) / width - 1));
        const clean = (thumbs[from + p] ?? 0) * light;
        const sigma = noise + shot * Math.sqrt(clean);
        const value = clean + (gauss[(start + p * 7) & (gaussSize - 1)] ?? 0) * sigma;
        grey[p] = value < 0 ? 0 : value > 255 ? 255 : value + 0.5;
        const at = start + p * 7;
        cb[p] = coloured(chroma.cb[from + p] ?? neutral, light, at + 3, sigma);
        cr[p] = coloured(chroma.cr[from + p] ?? neutral, light, at + 5, sigma);
      }
    }
    return { grey, chroma: { cb, cr } };
  };
}

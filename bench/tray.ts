import type { Thumb } from '../src/shared/frame.ts';
import { createPlay, driftingLight, emptyTally, pass, playLong } from '../src/main/tray/script.ts';
import { createTray } from '../src/main/tray/tray.ts';
import { figure, spread } from './figure.ts';
import type { Figure } from './figure.ts';
import { renderedFolder } from './rendered.ts';
import { loadReel, playReel } from './tray-reel.ts';
import type { LoadedReel, Weather } from './tray-reel.ts';

/** A thumb's pixel is the mean of 16 of the camera's, so that little of its noise is left. */
export const quiet: Weather = {
  name: 'quiet',
  seed: 1,
  noise: 1.5,
  shot: 0,
  drift: 0,
  lamp: 0,
  exposure: 1,
};
export const weathers: readonly Weather[] = [
  quiet,
  { ...quiet, name: 'drifting light', seed: 2, shot: 0.05, drift: 0.25, exposure: 0.75 },
  { ...quiet, name: 'much noise', seed: 3, noise: 2.5, shot: 0.05, drift: 0.1, exposure: 0.6 },
];
/** Cheap cameras in the dark, and light that wanders beyond what the camera can show. */
const harshWeathers: readonly Weather[] = [
  { ...quiet, name: 'noise 2', seed: 4, noise: 2 },
  { ...quiet, name: 'noise 3', seed: 5, noise: 3 },
  { ...quiet, name: 'noise 4', seed: 6, noise: 4 },
  { ...quiet, name: 'light ±20 %', seed: 7, shot: 0.05, drift: 0.2 },
  { ...quiet, name: 'light ±30 %', seed: 8, shot: 0.05, drift: 0.3 },
  { ...quiet, name: 'light ±20 %, lamp 20 %', seed: 9, shot: 0.05, drift: 0.2, lamp: 0.2 },
  { ...quiet, name: 'light ±30 %, lamp 30 %', seed: 10, shot: 0.05, drift: 0.3, lamp: 0.3 },
];

/** The tray was tuned on the first two; the others are those to believe. */
export const reels = [
  { seed: 1, name: 'tray rendered' },
  { seed: 13, name: 'tray rendered, reel 13' },
  { seed: 22, name: 'tray rendered, reel 22, never tuned on' },
  { seed: 23, name: 'tray rendered, reel 23, never tuned on' },
] as const;
/** With the hands of the reel so much faster. */
export const fasterFramesPerSecond = [20, 30] as const;

/** What the tray costs a picture, what it misses, and how long it waits. */
export async function benchTray(): Promise<readonly Figure[]> {
  const figures = [...timePictures(120), ...timePictures(90)];
  for (const { seed, name } of reels) {
    const reel = await loadReel(await renderedFolder('script', seed));
    const { framesPerSecond } = reel.script;
    for (const weather of [...weathers, ...harshWeathers]) {
      figures.push(...playRendered(reel, weather, framesPerSecond, `${name}, ${weather.name}`));
    }
    for (const fps of fasterFramesPerSecond) {
      figures.push(...playRendered(reel, quiet, fps, `${name}, quiet at ${fps} fps`));
    }
  }
  return [...figures, ...playDrawn(30), ...playDrawn(20), ...playDrawn(15)];
}

function playRendered(
  reel: LoadedReel,
  weather: Weather,
  framesPerSecond: number,
  name: string,
): readonly Figure[] {
  const tally = playReel(reel, weather, framesPerSecond);
  for (const fault of tally.faults) process.stderr.write(`${name}: ${fault}\n`);
  const { placements, removals, passes } = tally;
  const note =
    `${placements} placements, ${removals} removals, ${passes} passing hands, ` +
    `${framesPerSecond} pictures a second`;
  return [
    figure(`${name}: missed`, tally.missed, 'items', note),
    figure(`${name}: doubled`, tally.doubled, 'items', note),
    figure(`${name}: misnamed`, tally.misnamed, 'events', note),
    ...spread(`${name}: still to placed`, 'ms', note, tally.delaysMs),
    ...spread(`${name}: a picture`, 'ms', note, tally.tookMs),
  ];
}

/** Draws pictures with hands and drifting light first, so that drawing is not in the time. */
function drawPictures(height: number): Thumb[] {
  const play = createPlay({ width: 160, height, noise: 2, seed: 3 });
  play.weather = driftingLight(play, 0);
  const thumbs: Thumb[] = [];
  play.watch = (thumb) => thumbs.push(thumb);
  play.step(60);
  while (thumbs.length < 900) {
    pass(play, 200);
    play.step(30);
  }
  return thumbs;
}

function timePictures(height: number): readonly Figure[] {
  const thumbs = drawPictures(height);
  const times: number[] = [];
  let processorMs = 0;
  // The first round is the compiler's.
  for (let round = 0; round < 2; round += 1) {
    const tray = createTray();
    times.length = 0;
    const before = process.cpuUsage();
    for (const thumb of thumbs) {
      const from = performance.now();
      tray.see(thumb);
      times.push(performance.now() - from);
    }
    const { user, system } = process.cpuUsage(before);
    processorMs = (user + system) / 1000;
  }
  const note = `${thumbs.length} drawn thumbs of 160×${height}, noise, drifting light, hands`;
  const name = `tray picture 160×${height}`;
  return [
    ...spread(name, 'ms', note, times),
    figure(`${name} processor time`, processorMs / thumbs.length, 'ms', note),
  ];
}

function playDrawn(fps: number): readonly Figure[] {
  const tally = emptyTally();
  for (let seed = 1; seed <= 12; seed += 1) {
    playLong(
      {
        options: {
          seed: seed * 31 + fps,
          fps,
          height: seed % 2 === 0 ? 120 : 90,
          noise: 1 + (seed % 4),
          groundTexture: [2, 6, 12][seed % 3] ?? 6,
          ground: 85 + ((seed * 37) % 90),
        },
        actions: 16,
        contrast: (random) => (random() < 0.2 ? random() * 10 : 10 + random() * 80),
        withHands: seed % 3 !== 0,
        withDrift: seed % 2 === 0,
      },
      tally,
    );
  }
  for (const fault of tally.faults) process.stderr.write(`drawn at ${fps}: ${fault}\n`);
  const note = `${tally.placements} placements, ${tally.removals} removals, a fifth hardly visible`;
  const name = `tray drawn at ${fps} fps`;
  return [
    figure(`${name}: missed`, tally.missed, 'items', note),
    figure(`${name}: doubled`, tally.doubled, 'items', note),
    figure(`${name}: misnamed`, tally.wrongRemovals, 'events', note),
    ...spread(`${name}: still to placed`, 'ms', note, tally.delaysMs),
  ];
}

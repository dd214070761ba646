import type { Thumb } from '../src/shared/frame.ts';
import { createPlay, driftingLight, emptyTally, pass, playLong } from '../src/main/tray/script.ts';
import { createTray } from '../src/main/tray/tray.ts';
import { figure, spread } from './figure.ts';
import type { Figure } from './figure.ts';
import { renderedFolder } from './rendered.ts';
import { loadReel, playReel } from './tray-reel.ts';
import type { Weather } from './tray-reel.ts';

/** A thumb's pixel is the mean of 16 of the camera's, so that little of its noise is left. */
const weathers: readonly Weather[] = [
  { name: 'quiet', seed: 1, noise: 1.5, shot: 0, drift: 0, exposure: 1 },
  { name: 'drifting light', seed: 2, noise: 1.5, shot: 0.05, drift: 0.25, exposure: 0.75 },
  { name: 'much noise', seed: 3, noise: 2.5, shot: 0.05, drift: 0.1, exposure: 0.6 },
];

/** What the tray costs a picture, what it misses, and how long it waits. */
export async function benchTray(): Promise<readonly Figure[]> {
  return [
    ...timePictures(120),
    ...timePictures(90),
    ...(await playRendered()),
    ...playDrawn(30),
    ...playDrawn(15),
  ];
}

async function playRendered(): Promise<readonly Figure[]> {
  const reel = await loadReel(await renderedFolder('script'));
  return weathers.flatMap((weather) => {
    const tally = playReel(reel, weather);
    for (const fault of tally.faults) process.stderr.write(`${weather.name}: ${fault}\n`);
    const { placements, removals, passes } = tally;
    const name = `tray rendered, ${weather.name}`;
    const note =
      `${placements} placements, ${removals} removals, ${passes} passing hands, ` +
      `${reel.script.framesPerSecond} pictures a second`;
    return [
      figure(`${name}: missed`, tally.missed, 'items', note),
      figure(`${name}: doubled`, tally.doubled, 'items', note),
      figure(`${name}: misnamed`, tally.misnamed, 'events', note),
      ...spread(`${name}: still to placed`, 'ms', note, tally.delaysMs),
      ...spread(`${name}: a picture`, 'ms', note, tally.tookMs),
    ];
  });
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

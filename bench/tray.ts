import type { Thumb } from '../src/shared/frame.ts';
import { createPlay, driftingLight, emptyTally, pass, playLong } from '../src/main/tray/script.ts';
import { createTray } from '../src/main/tray/tray.ts';

interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly note: string;
}

function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
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

function timePictures(height: number): Figure[] {
  const thumbs = drawPictures(height);
  const times: number[] = [];
  for (let round = 0; round < 2; round++) {
    const tray = createTray();
    times.length = 0;
    for (const thumb of thumbs) {
      const from = performance.now();
      tray.see(thumb);
      times.push(performance.now() - from);
    }
  }
  const note = `${thumbs.length} thumbs of 160×${height}, noise, drifting light, hands`;
  return [
    {
      name: `tray.picture.160x${height}.p50`,
      value: round(quantile(times, 0.5)),
      unit: 'ms',
      note,
    },
    {
      name: `tray.picture.160x${height}.p95`,
      value: round(quantile(times, 0.95)),
      unit: 'ms',
      note,
    },
  ];
}

function playScripts(fps: number): Figure[] {
  const tally = emptyTally();
  for (let seed = 1; seed <= 12; seed++) {
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
  const note = `${tally.placements} placements and ${tally.removals} removals at ${fps} fps`;
  const name = `tray.scripts.${fps}fps`;
  const p50 = quantile(tally.delaysMs, 0.5);
  const p95 = quantile(tally.delaysMs, 0.95);
  return [
    { name: `${name}.missed`, value: tally.missed, unit: 'items', note },
    { name: `${name}.doubled`, value: tally.doubled, unit: 'items', note },
    { name: `${name}.misnamed`, value: tally.wrongRemovals, unit: 'events', note },
    { name: `${name}.still-to-placed.p50`, value: round(p50), unit: 'ms', note },
    { name: `${name}.still-to-placed.p95`, value: round(p95), unit: 'ms', note },
    {
      name: `${name}.pictures-to-placed.p50`,
      value: round((p50 * fps) / 1000),
      unit: 'pictures',
      note,
    },
    {
      name: `${name}.pictures-to-placed.p95`,
      value: round((p95 * fps) / 1000),
      unit: 'pictures',
      note,
    },
  ];
}

/** What the tray costs a picture, and what it misses and how long it waits over drawn scripts. */
export async function benchTray(): Promise<Figure[]> {
  return [...timePictures(120), ...timePictures(90), ...playScripts(30), ...playScripts(15)];
}

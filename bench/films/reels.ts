import { trayFramesPerSecond } from '../../src/main/batch-render/tray-script.ts';
import { renderedFolder } from '../rendered.ts';
import { fasterFramesPerSecond, quiet, reels, weathers } from '../tray.ts';
import { loadReel, playReel } from '../tray-reel.ts';
import type { PictureTimes } from './play-film.ts';
import { emptyTally } from './tally.ts';
import type { Tally } from './tally.ts';

/** What came of a rendered script of the virtual tray in some weather. */
export interface PlayedReel {
  readonly name: string;
  readonly framesPerSecond: number;
  readonly tally: Tally;
  readonly faults: readonly string[];
  readonly times: PictureTimes;
}

/** Plays the reels of the bench `tray` whose names are wanted, each as `NAME FPS`. */
export async function* playReels(
  isWanted: (name: string) => boolean,
): AsyncGenerator<PlayedReel, void> {
  for (const { seed } of reels) {
    const wanted = [
      ...weathers.map((weather) => ({ weather, framesPerSecond: trayFramesPerSecond })),
      ...fasterFramesPerSecond.map((framesPerSecond) => ({ weather: quiet, framesPerSecond })),
    ]
      .map((one) => ({ ...one, name: `reel-${seed}-${one.weather.name.replaceAll(' ', '-')}` }))
      .filter(({ name, framesPerSecond }) => isWanted(`${name} ${framesPerSecond}`));
    if (wanted.length === 0) continue;
    const reel = await loadReel(await renderedFolder('script', seed));
    for (const { name, weather, framesPerSecond } of wanted) {
      const before = process.cpuUsage();
      const played = playReel(reel, weather, framesPerSecond);
      const { user, system } = process.cpuUsage(before);
      yield {
        name,
        framesPerSecond,
        tally: {
          ...emptyTally(),
          // Removals are in none of its counts alone.
          placementsDue: played.placements,
          placementsMissed: played.missed,
          doubled: played.doubled,
          removedFalse: played.misnamed,
        },
        faults: played.faults,
        times: { tookMs: played.tookMs, processorMs: (user + system) / 1000 },
      };
    }
  }
}

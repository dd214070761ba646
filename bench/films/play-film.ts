import type { Thumb } from '../../src/shared/frame.ts';
import { createTray } from '../../src/main/tray/tray.ts';
import type { TrayEvent } from '../../src/main/tray/tray.ts';
import { filmThumb } from './film-thumb.ts';
import type { Film, Framing } from './film.ts';

/** What a film's pictures took the tray. */
export interface PictureTimes {
  /** Each of them, by the clock. */
  readonly tookMs: readonly number[];
  /** All of them, of the processor's time; that of the garbage collector's threads is in it. */
  readonly processorMs: number;
}

/** What the tray made of a film in one framing at one rate. */
export interface Played extends PictureTimes {
  readonly framing: Framing;
  /** Their times are the film's. */
  readonly events: readonly TrayEvent[];
}

/** What is shown the thumbs of one framing. */
export interface Player {
  readonly see: (thumb: Thumb) => readonly TrayEvent[] | Promise<readonly TrayEvent[]>;
}

/** Plays the film past a tray for each framing, all side by side, so that each picture is made once. */
export async function playFilm(
  film: Film,
  framesPerSecond: number,
  framings: readonly Framing[],
  openPlayer: () => Player = createTray,
): Promise<readonly Played[]> {
  const plays = framings.map((framing) => ({
    framing,
    tray: openPlayer(),
    events: [] as TrayEvent[],
    tookMs: [] as number[],
    processorMs: 0,
  }));
  let picture = 0;
  for (const shown of film.pictures(framesPerSecond)) {
    const atMs = (picture * 1000) / framesPerSecond;
    picture += 1;
    for (const play of plays) {
      const thumb = filmThumb(shown, play.framing, atMs);
      const startedMs = performance.now();
      const before = process.cpuUsage();
      // oxlint-disable-next-line no-await-in-loop -- one picture after another.
      const events = await play.tray.see(thumb);
      const { user, system } = process.cpuUsage(before);
      play.processorMs += (user + system) / 1000;
      play.tookMs.push(performance.now() - startedMs);
      play.events.push(...events);
    }
  }
  return plays;
}

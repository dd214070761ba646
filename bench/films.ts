import { existsSync } from 'node:fs';
import { createTray } from '../src/main/tray/tray.ts';
import type { Figure } from './figure.ts';
import { missingAssets } from './films/compose/assets.ts';
import { composeFilm, planFilms } from './films/compose/composed-film.ts';
import { filmsOfFolder } from './films/film-files.ts';
import { createFilmTable } from './films/film-table.ts';
import type { FilmTable } from './films/film-table.ts';
import { framingName } from './films/film.ts';
import type { Film, Framing } from './films/film.ts';
import { playFilm } from './films/play-film.ts';
import type { Player } from './films/play-film.ts';
import { playReels } from './films/reels.ts';
import { openSegmentedPlayers } from './films/segmented-player.ts';
import { scoreFilm } from './films/score.ts';
import { filmSettings } from './films/settings.ts';
import type { FilmSettings } from './films/settings.ts';

/** What the tray makes of films, against what a person sees in them. */
export async function benchFilms(): Promise<readonly Figure[]> {
  const settings = filmSettings(process.env, Date.now());
  const table = createFilmTable();
  const openPlayer = settings.bySegmenter ? await openSegmentedPlayers() : createTray;
  if (existsSync(settings.folder)) {
    for await (const { film, close } of filmsOfFolder(settings.folder, say)) {
      try {
        await judgeFilm(film, settings, table, openPlayer);
      } finally {
        close();
      }
    }
  } else say(`There is no ${settings.folder}: its films are left out.`);
  const missing = missingAssets();
  if (missing === null) {
    const [first] = settings.seeds;
    say(
      `FRESHLANE_BENCH_SEEDS=${first},${settings.seeds.length} plays these composed films again.`,
    );
    for (const plan of planFilms(settings.seeds)) {
      if (casesOf(plan, settings).length === 0) continue;
      await judgeFilm(await composeFilm(plan), settings, table, openPlayer);
      // All of them take long: what is known of a kind is told at once.
      const kind = `${prefixOf(plan)}${plan.kind}`;
      if (plan.seed === settings.seeds.at(-1) && table.has(kind)) say(table.text(kind));
    }
  } else say(`Composed films are left out: ${missing}.`);
  await judgeReels(settings, table);
  say(table.text());
  return table.figures();
}

type Cases = Pick<Film, 'name' | 'kind' | 'seed' | 'rates' | 'framings'>;

/** What of the film is to be played, by the rates. */
function casesOf(
  film: Cases,
  { only }: FilmSettings,
): readonly { readonly framesPerSecond: number; readonly framings: readonly Framing[] }[] {
  return film.rates
    .map((framesPerSecond) => ({
      framesPerSecond,
      framings: film.framings.filter((framing) =>
        only.test(caseName(film, framesPerSecond, framing)),
      ),
    }))
    .filter(({ framings }) => framings.length > 0);
}

function caseName(film: Cases, framesPerSecond: number, framing: Framing): string {
  return `${prefixOf(film)}${film.name} ${framesPerSecond} ${framingName(framing)}`;
}

/** A composed kind and a film of the folder may have one name. */
function prefixOf({ seed }: Cases): string {
  return seed === null ? '' : 'composed-';
}

async function judgeFilm(
  film: Film,
  settings: FilmSettings,
  table: FilmTable,
  openPlayer: () => Player,
): Promise<void> {
  for (const { framesPerSecond, framings } of casesOf(film, settings)) {
    for (const { framing, events, ...times } of await playFilm(
      film,
      framesPerSecond,
      framings,
      openPlayer,
    )) {
      const { tally, faults } = scoreFilm(film, framing, events);
      table.add(prefixOf(film) + film.kind, framesPerSecond, tally, times);
      if (!settings.tellsFaults) continue;
      for (const { atS, what } of faults) {
        say(`${caseName(film, framesPerSecond, framing)} ${atS.toFixed(2)} s: ${what}`);
      }
    }
  }
}

/** By the rules alone: they are what the kiosk's virtual tray is seen by. */
async function judgeReels({ only, tellsFaults }: FilmSettings, table: FilmTable): Promise<void> {
  if (!existsSync('out/main/index.js')) {
    say('The app is not built, which renders the reels: they are left out.');
    return;
  }
  for await (const { name, framesPerSecond, tally, times, faults } of playReels((name) =>
    only.test(name),
  )) {
    table.add(name, framesPerSecond, tally, times);
    if (tellsFaults) for (const fault of faults) say(`${name} ${framesPerSecond}: ${fault}`);
  }
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

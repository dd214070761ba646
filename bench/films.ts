import { existsSync } from 'node:fs';
import type { Figure } from './figure.ts';
import { filmsOfFolder } from './films/film-files.ts';
import { createFilmTable } from './films/film-table.ts';
import type { FilmTable } from './films/film-table.ts';
import { framingName } from './films/film.ts';
import type { Film, Framing } from './films/film.ts';
import { playFilm } from './films/play-film.ts';
import { scoreFilm } from './films/score.ts';
import { filmSettings } from './films/settings.ts';
import type { FilmSettings } from './films/settings.ts';

/** What the tray makes of films, against what a person sees in them. */
export async function benchFilms(): Promise<readonly Figure[]> {
  const settings = filmSettings(process.env, Date.now());
  const table = createFilmTable();
  if (existsSync(settings.folder)) {
    for await (const { film, close } of filmsOfFolder(settings.folder, say)) {
      try {
        judgeFilm(film, settings, table);
      } finally {
        close();
      }
    }
  } else say(`There is no ${settings.folder}: its films are left out.`);
  say(table.text());
  return table.figures();
}

function judgeFilm(film: Film, { only, tellsFaults }: FilmSettings, table: FilmTable): void {
  // A composed kind and a film of the folder may have one name.
  const prefix = film.seed === null ? '' : 'composed-';
  for (const framesPerSecond of film.rates) {
    const caseName = (framing: Framing): string =>
      `${prefix}${film.name} ${framesPerSecond} ${framingName(framing)}`;
    const framings = film.framings.filter((framing) => only.test(caseName(framing)));
    if (framings.length === 0) continue;
    for (const { framing, events, ...times } of playFilm(film, framesPerSecond, framings)) {
      const { tally, faults } = scoreFilm(film, framing, events);
      table.add(prefix + film.kind, framesPerSecond, tally, times);
      if (!tellsFaults) continue;
      for (const { atS, what } of faults) {
        say(`${caseName(framing)} ${atS.toFixed(2)} s: ${what}`);
      }
    }
  }
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

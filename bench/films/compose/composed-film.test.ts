import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { electronFile } from '../../kiosk.ts';
import type { FilmPicture } from '../film.ts';
import { missingAssets } from './assets.ts';
import { composeFilm, planFilm, planFilms } from './composed-film.ts';
import type { ComposedFilm } from './composed-film.ts';
import { fruitPhotos } from './fruit.ts';
import { handPoses } from './hand-poses.ts';
import { kindNames } from './kinds/kinds.ts';
import { label } from './render.ts';

// The film of hands is decoded by Electron, which a test run by itself may lack.
const missing = existsSync(electronFile) ? missingAssets() : 'no Electron';
if (missing !== null) console.warn(`Skipped composed films: ${missing}`);

/** Some of its pictures, as what tells them apart. */
function sample(film: ComposedFilm): string[] {
  return Array.from(film.pictures(2), digestOf);
}

function digestOf({ luma, chroma }: FilmPicture): string {
  const hash = createHash('sha256').update(luma);
  if (chroma !== null) hash.update(chroma.cb).update(chroma.cr);
  return hash.digest('hex');
}

test('a plan says what is to be played before anything is composed', () => {
  const plan = planFilm('flicker-60', 12);
  expect(plan).toMatchObject({ name: 'flicker-60-12', kind: 'flicker-60', seed: 12, width: 320 });
  expect(planFilm('flicker-60', 12)).toEqual(plan);
  expect(planFilms([1, 2])).toHaveLength(2 * kindNames.length);
  const shapes = planFilms([1, 2, 3, 4]).map(({ width, height }) => width / height);
  expect(new Set(shapes)).toEqual(new Set([16 / 9, 4 / 3]));
});

test('even and odd seeds have no photograph and no gesture in common', () => {
  const files = (side: 'even' | 'odd'): string[] => fruitPhotos[side].map(({ file }) => file);
  expect(new Set([...files('even'), ...files('odd')]).size).toBe(
    files('even').length + files('odd').length,
  );
  const gestures = (side: 'even' | 'odd'): string[] =>
    handPoses[side].map(({ frame, grip }) => `${frame} ${grip.join()}`);
  expect(gestures('odd').filter((one) => gestures('even').includes(one))).toEqual([]);
});

describe.skipIf(missing !== null)('composed films', () => {
  test('the same plan gives the same film, another seed another', async () => {
    const [a, b, c] = await Promise.all(
      [4, 4, 6].map((seed) => composeFilm(planFilm('mild-all', seed))),
    );
    if (a === undefined || b === undefined || c === undefined) throw new Error('No film.');
    expect(b.due).toEqual(a.due);
    const shown = sample(a);
    expect(new Set(shown).size).toBe(shown.length);
    expect(sample(b)).toEqual(shown);
    // And it can be played again.
    expect(sample(a)).toEqual(shown);
    expect(c.due).not.toEqual(a.due);
    expect(sample(c)[0]).not.toBe(shown[0]);
  });

  test('a film for a shop of fruit has no other goods', async () => {
    const fruit = /apple|banana|orange/;
    const plan = planFilm('plain', 4);
    const goods = async (isFruitOnly: boolean): Promise<string[]> => [
      ...(await composeFilm({ ...plan, isFruitOnly })).products.values(),
    ];
    expect((await goods(false)).some((product) => !fruit.test(product))).toBe(true);
    expect((await goods(true)).filter((product) => !fruit.test(product))).toEqual([]);
  });

  test.each(['plain', 'swap', 'stacked', 'person-leaves', 'shake'] as const)(
    'what is due of %s is to be seen: it lies there free',
    async (kind) => {
      const film = await composeFilm(planFilm(kind, 7));
      const names = [...film.products.keys()];
      const placed = film.due.filter((due) => due.kind === 'placed');
      expect(placed.length).toBeGreaterThan(2);
      const framesPerSecond = 10;
      let atS = 0;
      for (const { labels, things } of film.labelledPictures(framesPerSecond)) {
        for (const due of placed) {
          if (atS <= due.freeS || atS > due.freeS + 0.5 || due.box === null) continue;
          const { left, top, right, bottom } = due.box;
          const index = names.indexOf(due.thing ?? '') + 1;
          let own = 0;
          let hidden = 0;
          for (let y = top; y < bottom; y += 1) {
            for (let x = left; x < right; x += 1) {
              const p = y * film.width + x;
              if (things[p] === index && labels[p] === label.lying) own += 1;
              if (labels[p] === label.person) hidden += 1;
            }
          }
          const area = (right - left) * (bottom - top);
          expect(own, `${due.thing} at ${atS}`).toBeGreaterThan(0.3 * area);
          // Its box is a little larger than the thing itself.
          expect(hidden, `${due.thing} at ${atS}`).toBeLessThan(0.12 * area);
        }
        atS += 1 / framesPerSecond;
      }
    },
  );

  test('what is laid down is all that is due where a hand rests', async () => {
    const film = await composeFilm(planFilm('hand-rests', 5));
    expect(film.due.length).toBeGreaterThan(0);
    expect(film.due.map(({ kind }) => kind)).not.toContain('removed');
    expect(film.due.map(({ thing }) => thing)).toEqual([...film.products.keys()]);
  });

  test('of a frozen camera nothing is due that it does not show', async () => {
    for (const seed of [1, 2, 3]) {
      const film = await composeFilm(planFilm('frozen', seed));
      const [notice] = film.says;
      if (notice === undefined) throw new Error('It must be said.');
      expect(notice.reason).toBe('frozen');
      for (const { freeS } of film.due) expect(freeS).toBeLessThan(notice.fromS);
      const shown = sample(film);
      expect(shown.at(-3)).toBe(shown.at(-1));
    }
  });

  test('kinds say what the tray has to say', async () => {
    const reasons = async (kind: 'slow' | 'flicker-deep' | 'plain'): Promise<string[]> =>
      (await composeFilm(planFilm(kind, 1))).says.map(({ reason }) => reason);
    expect(await reasons('slow')).toEqual(['slow']);
    expect(await reasons('flicker-deep')).toEqual(['flicker']);
    expect(await reasons('plain')).toEqual([]);
  });
});

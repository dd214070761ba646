import { copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { electronFile } from '../kiosk.ts';
import { filmsOfFolder } from './film-files.ts';
import type { Film } from './film.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'freshlane-films-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function describe(name: string, description: unknown): void {
  const text = typeof description === 'string' ? description : JSON.stringify(description);
  writeFileSync(join(folder, `${name}.json`), text);
}

/** The names of the films, what `look` sees of each, and what was told. */
async function readFolder<T>(look: (film: Film) => T): Promise<{ seen: T[]; told: string[] }> {
  const seen: T[] = [];
  const told: string[] = [];
  const problems = (problem: string): number => told.push(problem);
  for await (const { film, close } of filmsOfFolder(folder, problems, join(folder, 'cache'))) {
    seen.push(look(film));
    close();
  }
  return { seen, told };
}

test.each([
  { what: 'no JSON', description: '{"film":', told: 'is no JSON' },
  { what: 'nothing', description: {}, told: 'describes no film' },
  { what: 'a file elsewhere', description: { film: '../a.mkv', fps: [30], due: [] }, told: 'film' },
  {
    what: 'a file that is missing',
    description: { film: 'a.mkv', fps: [30], due: [] },
    told: 'missing',
  },
  { what: 'no rate', description: { film: 'a.mkv', fps: [], due: [] }, told: 'fps' },
  {
    what: 'what is not known to happen',
    description: { film: 'a.mkv', fps: [30], due: [{ kind: 'turned', freeS: 1 }] },
    told: 'due[0]',
  },
  {
    what: 'a thing that is free before it is there',
    description: { film: 'a.mkv', fps: [30], due: [{ kind: 'placed', fromS: 2, freeS: 1 }] },
    told: 'fromS',
  },
  {
    what: 'a box with its corners exchanged',
    description: {
      film: 'a.mkv',
      fps: [30],
      due: [{ kind: 'removed', freeS: 1, box: [40, 20, 20, 40] }],
    },
    told: 'box',
  },
])('a description of $what is told and left out', async ({ description, told }) => {
  describe('bad', description);
  const read = await readFolder(() => null);
  expect(read.seen).toEqual([]);
  expect(read.told).toHaveLength(1);
  expect(read.told[0]).toContain('bad.json');
  expect(read.told[0]).toContain(told);
});

// Setting up the tests fetches it; by itself a test run may lack it.
test.skipIf(!existsSync(electronFile))(
  'films are read, and bad ones told beside them',
  async () => {
    copyFileSync('bench/films/fixtures/square-moves.mkv', join(folder, 'square.mkv'));
    writeFileSync(join(folder, 'broken.mkv'), 'no film');
    const square = { film: 'square.mkv', fps: [10, 5], due: [], source: 'for people' };
    describe('broken', { ...square, film: 'broken.mkv' });
    describe('outside', { ...square, framings: [[40, 30, 9, 0]] });
    const box = [8, 8, 16, 24];
    describe('square', {
      ...square,
      framings: [[40, 30, 8, 2]],
      due: [{ kind: 'placed', thing: 'square', fromS: 0, freeS: 0.1, box }],
      says: ['dark', { reason: 'flicker', fromS: 0.2 }],
    });
    const { seen, told } = await readFolder(({ pictures, ...film }) => ({
      film,
      /** In which column of 8 pixels the square is. */
      columns: film.rates.map((rate) =>
        [...pictures(rate)].map(({ luma }) =>
          [0, 1, 2, 3, 4, 5].findIndex((column) => (luma[16 * 48 + column * 8 + 4] ?? 0) > 200),
        ),
      ),
    }));
    expect(told).toHaveLength(2);
    expect(told[0]).toContain('broken.mkv cannot be decoded');
    expect(told[1]).toContain('40x30+9+0 leaves the film of 48×32');
    expect(seen).toEqual([
      {
        film: {
          name: 'square',
          kind: 'square',
          seed: null,
          width: 48,
          height: 32,
          durationS: 0.5,
          rates: [10, 5],
          framings: [{ width: 40, height: 30, left: 8, top: 2 }],
          due: [
            {
              kind: 'placed',
              thing: 'square',
              fromS: 0,
              freeS: 0.1,
              box: { left: 8, top: 8, right: 16, bottom: 24 },
            },
          ],
          says: [
            { reason: 'dark', fromS: 0 },
            { reason: 'flicker', fromS: 0.2 },
          ],
        },
        columns: [
          [1, 2, 3, 4, 5],
          [1, 3, 5],
        ],
      },
    ]);
  },
);

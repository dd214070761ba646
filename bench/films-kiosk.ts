import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Snapshot } from '../src/shared/snapshot.ts';
import { figure, spread } from './figure.ts';
import type { Figure } from './figure.ts';
import { missingAssets } from './films/compose/assets.ts';
import { composeFilm, planFilm } from './films/compose/composed-film.ts';
import type { ComposedFilm } from './films/compose/composed-film.ts';
import { writeCameraFilm } from './films/kiosk/camera-film.ts';
import { openFruitShop, soldAs } from './films/kiosk/fruit-shop.ts';
import type { FruitShop } from './films/kiosk/fruit-shop.ts';
import { laidDownBy, without } from './films/kiosk/laid-down.ts';
import { answerTo } from './films/kiosk/shopper.ts';
import { filmSettings } from './films/settings.ts';
import { watchLines } from './item.ts';
import { openKiosk, requireBuild } from './kiosk.ts';
import type { BenchKiosk, KioskLine } from './kiosk.ts';

const kinds = ['plain', 'swap', 'side-by-side', 'mild-all'] as const;
/** Of each kind, unless it is asked for other seeds. */
const filmsOfKind = 4;
const filmWidth = 640;
/** In which the kiosk starts, and in which its cart is looked at. */
const restsS = { before: 30, after: 25 };
/** From the film's end on, in which what was laid down last becomes a line and questions are answered. */
const patienceS = 6;
/** A shopper is asked this often whether there is a question. */
const lookEveryMs = 250;
/** From the page's beginning until its camera's first picture, about. */
const cameraOpensMs = 500;

interface Sale {
  readonly name: string;
  /** What was laid down and is not in the cart. */
  readonly missing: readonly string[];
  /** What is in the cart and was not laid down. */
  readonly wrong: readonly string[];
  readonly questions: number;
  /** From when an item lay still to its painted line. */
  readonly stillToLineMs: readonly number[];
  /** A line for all that happened in the film and all that the kiosk said of it. */
  readonly course: readonly string[];
}

/**
 * Composed films as the camera of the real kiosk, with its own engine: whether the right cart comes
 * out of it in the end. A shopper answers what the kiosk asks.
 */
export async function benchFilmsKiosk(): Promise<readonly Figure[]> {
  const missing = missingAssets();
  if (missing !== null) {
    say(`films-kiosk is left out: ${missing}.`);
    return [];
  }
  requireBuild();
  const { seeds, only, tellsFaults } = filmSettings(process.env, Date.now(), filmsOfKind);
  const shop = await openFruitShop();
  const figures: Figure[] = [];
  const times: number[] = [];
  for (const kind of kinds) {
    const sales: Sale[] = [];
    // The shop was taught by the photographs of even seeds.
    for (const seed of seeds.map((each) => 2 * each + 1)) {
      const plan = { ...planFilm(kind, seed, filmWidth), isFruitOnly: true };
      if (!only.test(plan.name)) continue;
      const sale = await playSale(await composeFilm(plan), shop);
      sales.push(sale);
      times.push(...sale.stillToLineMs);
      say(
        `${sale.name}: missing [${sale.missing.join()}], wrong [${sale.wrong.join()}], ` +
          `${sale.questions} questions`,
      );
      const isRight = sale.missing.length + sale.wrong.length === 0;
      if (tellsFaults && !isRight) for (const line of sale.course) say(`${sale.name} ${line}`);
    }
    if (sales.length > 0) figures.push(...figuresOf(kind, sales));
  }
  const note = `${times.length} items that were recognised; composed films as the camera`;
  return [...figures, ...spread('films-kiosk item still to line', 'ms', note, times)];
}

function figuresOf(kind: string, sales: readonly Sale[]): readonly Figure[] {
  const count = (of: (sale: Sale) => number): number =>
    sales.reduce((sum, sale) => sum + of(sale), 0);
  const note = `of ${sales.length} composed films through the real kiosk`;
  return [
    figure(
      `films-kiosk ${kind} right carts`,
      count(({ missing, wrong }) => (missing.length + wrong.length === 0 ? 1 : 0)),
      'count',
      note,
    ),
    figure(
      `films-kiosk ${kind} missing`,
      count(({ missing }) => missing.length),
      'items',
      note,
    ),
    figure(
      `films-kiosk ${kind} wrong`,
      count(({ wrong }) => wrong.length),
      'items',
      note,
    ),
    figure(
      `films-kiosk ${kind} questions`,
      count(({ questions }) => questions),
      'count',
      note,
    ),
  ];
}

async function playSale(film: ComposedFilm, shop: FruitShop): Promise<Sale> {
  const folder = await mkdtemp(join(tmpdir(), 'freshlane-film-'));
  try {
    const file = join(folder, 'film.mjpeg');
    const beforeS = await writeCameraFilm(file, film, restsS);
    const kiosk = await openKiosk(
      [
        '--camera=live',
        `--catalogue=${shop.catalogue}`,
        '--use-fake-device-for-media-stream',
        `--use-file-for-fake-video-capture=${file}`,
      ],
      shop.layInto,
    );
    try {
      return await watchSale(film, kiosk, beforeS);
    } finally {
      await kiosk.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function watchSale(film: ComposedFilm, kiosk: BenchKiosk, beforeS: number): Promise<Sale> {
  const openedAtMs = await cameraOpenedAt(kiosk);
  const filmAtS = (): number => (Date.now() - openedAtMs - cameraOpensMs) / 1000 - beforeS;
  const ready = await kiosk.said((line) => line['event'] === 'ready', 'ready');
  if (ready['recognition'] !== true) throw new Error('Recognition did not become ready.');
  if (filmAtS() > 0) throw new Error(`${film.name}: the kiosk was not ready before the film.`);
  await kiosk.page.evaluate(watchLines);
  const soldBy = (atS: number): readonly string[] =>
    laidDownBy(film.due, atS).flatMap((thing) => soldAs(film.products.get(thing) ?? '') ?? []);
  const asked = new Set<string>();
  let cart: readonly string[] = [];
  while (filmAtS() < film.durationS + patienceS) {
    const snapshot = await snapshotOf(kiosk);
    cart = productsIn(snapshot);
    const answer = answerTo(snapshot.screen, soldBy(filmAtS()), cart);
    if (answer !== null) {
      asked.add(answer.questionId);
      await kiosk.page.evaluate(giveAnswer, answer);
    }
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
  const sold = soldBy(Infinity);
  const paintedAtMs = await kiosk.page.evaluate(() => window.linesPainted);
  return {
    name: film.name,
    missing: without(sold, cart),
    wrong: without(cart, sold),
    questions: asked.size,
    stillToLineMs: stillToLine(kiosk.lines, paintedAtMs),
    course: courseOf(film, kiosk.lines, (atMs) => filmAtS() - (Date.now() - atMs) / 1000),
  };
}

/** What was due and what the kiosk said, by the film's time; the kiosk's is right to half a second. */
function courseOf(
  film: ComposedFilm,
  lines: readonly KioskLine[],
  filmTimeS: (atMs: number) => number,
): readonly string[] {
  const due = film.due.map(({ kind, thing, freeS }) => ({
    atS: freeS,
    what: `due ${kind} ${thing}`,
  }));
  const said = lines
    .filter((line) => line['level'] === undefined || told.has(String(line['event'])))
    .map(({ at, time, ...line }) => ({
      atS: filmTimeS(Date.parse(String(at ?? time))),
      what: JSON.stringify(line),
    }));
  return [...due, ...said]
    .toSorted((one, other) => one.atS - other.atS)
    .map(({ atS, what }) => `${atS.toFixed(2)} s: ${what}`);
}

/** Lines of the log that tell of the tray. */
const told = new Set(['item-timed', 'item-left', 'camera-blind', 'camera-impaired']);

/** When the capture page began, in milliseconds since 1970; it opens the camera at once. */
async function cameraOpenedAt({ app }: BenchKiosk): Promise<number> {
  const isCapture = (page: { url(): string }): boolean => page.url().startsWith('app://capture/');
  for (;;) {
    const page = app.windows().find(isCapture);
    if (page !== undefined) return page.evaluate(() => performance.timeOrigin);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function snapshotOf({ page }: BenchKiosk): Promise<Snapshot> {
  const reply = await page.evaluate(() => window.shopper.request['kiosk:snapshot']());
  if (!reply.ok) throw new Error(`No snapshot: ${reply.code}`);
  return reply.value;
}

function productsIn({ cart }: Snapshot): readonly string[] {
  return cart.lines
    .filter(({ removed }) => !removed)
    .flatMap(({ productId, quantity }) => Array.from({ length: quantity }, () => productId));
}

/** Runs in the page. */
async function giveAnswer(answer: NonNullable<ReturnType<typeof answerTo>>): Promise<void> {
  const { request } = window.shopper;
  const { questionId } = answer;
  if (answer.kind === 'leave-out') await request['item:leave-out']({ questionId });
  else await request['product:choose']({ questionId, productId: answer.productId });
}

/** Of what became a line without a question. */
function stillToLine(lines: readonly KioskLine[], paintedAtMs: readonly number[]): number[] {
  const atMs = (line: KioskLine): number => Date.parse(String(line['at'] ?? line['time']));
  const added = lines.filter((line) => line['event'] === 'item-added' && line['probability']);
  return lines
    .filter((line) => line['event'] === 'item-timed')
    .flatMap((timed) => {
      const toldAtMs = atMs(timed);
      // Both are said when the ledger has it.
      if (!added.some((line) => Math.abs(atMs(line) - toldAtMs) < 50)) return [];
      const painted = paintedAtMs.find((paintAtMs) => paintAtMs >= toldAtMs);
      return painted === undefined ? [] : [painted - Number(timed['stillSinceMs'])];
    });
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

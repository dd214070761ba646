import { join } from 'node:path';
import { readFile } from 'node:fs/promises';
import type { Reel } from '../src/main/batch-render/render-script.ts';
import { spread } from './figure.ts';
import type { Figure } from './figure.ts';
import { openKiosk } from './kiosk.ts';
import type { BenchKiosk, KioskLine } from './kiosk.ts';
import { renderedFolder } from './rendered.ts';

/** One item's way, in milliseconds: the parts but `whole` follow one another and sum up to it. */
interface ItemTimes {
  readonly whole: number;
  readonly stillness: number;
  /** From the deciding picture in the capture page to the request for a photo in main. */
  readonly camera: number;
  /** Like the next two only what was left of it when the item lay still, if it was looked at ahead. */
  readonly photo: number;
  readonly http: number;
  readonly inference: number;
  readonly decision: number;
  readonly ledger: number;
  readonly window: number;
  /** All that the engine worked for it, ahead or not. */
  readonly engine: number;
  readonly ahead: boolean;
}

interface Watched {
  readonly times: readonly ItemTimes[];
  /** Items that were asked about instead. */
  readonly questions: number;
}

const items = 30;
const timeLimitMs = 6 * 60_000;
/** By then a line is on the screen; what is not there yet is waited for. */
const linePatienceMs = 500;

/**
 * From an item that lies still to its line in the window, by the whole real way: the film as
 * Chromium's camera, the live driver, the tray, the engine over HTTP, the ledger, the window.
 */
export async function benchItem(): Promise<readonly Figure[]> {
  const folder = await renderedFolder('film');
  const reel = JSON.parse(await readFile(join(folder, 'reel.json'), 'utf8')) as Reel;
  const kiosk = await openKiosk([
    '--camera=live',
    '--use-fake-device-for-media-stream',
    `--use-file-for-fake-video-capture=${join(folder, 'film.mjpeg')}`,
  ]);
  try {
    const ready = await kiosk.said((line) => line['event'] === 'ready', 'ready');
    if (ready['recognition'] !== true) throw new Error('Recognition did not become ready.');
    const { times, questions } = await watchItems(kiosk);
    const ahead = times.filter((item) => item.ahead).length;
    const note =
      `${times.length} items of the virtual tray, ${ahead} of them looked at ahead, ` +
      `${questions} more left out as they were asked about; a film of ${reel.frames.length} ` +
      'pictures of 640×480 at 30 a second as the camera, engine on the same machine';
    const of = (part: (item: ItemTimes) => number): number[] => times.map(part);
    return [
      ...spread(
        'item still to line',
        'ms',
        note,
        of(({ whole }) => whole),
      ),
      ...spread(
        'item still to line, without camera and stillness',
        'ms',
        note,
        of(({ whole, stillness, camera }) => whole - stillness - camera),
      ),
      ...(
        [
          'stillness',
          'camera',
          'photo',
          'http',
          'inference',
          'decision',
          'ledger',
          'window',
          'engine',
        ] as const
      ).flatMap((part) =>
        spread(
          `item, ${part}`,
          'ms',
          note,
          of((item) => item[part]),
        ),
      ),
    ];
  } finally {
    await kiosk.close();
  }
}

async function watchItems(kiosk: BenchKiosk): Promise<Watched> {
  await kiosk.page.evaluate(watchLines);
  const deadlineMs = Date.now() + timeLimitMs;
  const times: ItemTimes[] = [];
  let questions = 0;
  let last = kiosk.lines.length;
  while (times.length < items) {
    if (Date.now() > deadlineMs) throw new Error(`Only ${times.length} items came in time.`);
    const from = last;
    const timed = await kiosk.said(
      (line) => line['event'] === 'item-timed' && kiosk.lines.indexOf(line) >= from,
      'an item',
    );
    last = kiosk.lines.indexOf(timed) + 1;
    // To be asked costs the page some ten milliseconds, which would be the line's.
    await new Promise((resolve) => setTimeout(resolve, linePatienceMs));
    const shown = await kiosk.page.evaluate(shownAfter, Date.parse(String(timed['time'])));
    if (shown === 'question') questions += 1;
    else times.push(timesOf(kiosk.lines, timed, shown));
  }
  return { times, questions };
}

declare global {
  interface Window {
    /** When a change of the cart's lines was on the screen, in milliseconds since 1970. */
    linesPainted: number[];
  }
}

/** Notes when lines are painted. Runs in the page, like the one after it. */
export function watchLines(): void {
  window.linesPainted = [];
  const isLine = (node: Node): boolean => {
    const element = node instanceof Element ? node : node.parentElement;
    return (
      element?.closest('.cart-lines') !== null || element.querySelector('.cart-lines') !== null
    );
  };
  new MutationObserver((changes) => {
    const touched = changes.some(({ target, addedNodes }) =>
      [...addedNodes, ...(target instanceof Text ? [target] : [])].some(isLine),
    );
    if (!touched) return;
    requestAnimationFrame(() => {
      // A message's turn comes after the frame was painted.
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => window.linesPainted.push(performance.timeOrigin + performance.now());
      port2.postMessage(null);
    });
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
}

/**
 * When the line was on the screen, however late. What is asked about, or has no weight, is no line:
 * the question is put aside, so that the next item is told alone.
 */
async function shownAfter(fromMs: number): Promise<number | 'question'> {
  const patienceMs = 10_000;
  const startedMs = performance.now();
  const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
  let askedMs = startedMs;
  while (performance.now() - startedMs < patienceMs) {
    const painted = window.linesPainted.find((atMs) => atMs >= fromMs);
    if (painted !== undefined) return painted;
    if (performance.now() - askedMs > 500) {
      askedMs = performance.now();
      const reply = await window.shopper.request['kiosk:snapshot']();
      const screen = reply.ok ? reply.value.screen : null;
      if (screen?.kind === 'ask' || screen?.kind === 'lookup') {
        await window.shopper.request['item:leave-out']({ questionId: screen.questionId });
        return 'question';
      }
    }
    await pause(20);
  }
  throw new Error(`No line and no question came in ${patienceMs} ms.`);
}

function timesOf(lines: readonly KioskLine[], timed: KioskLine, paintedAtMs: number): ItemTimes {
  const number = (name: string, line: KioskLine | undefined = timed): number =>
    Number(line?.[name] ?? Number.NaN);
  const recognition = lines
    .slice(0, lines.indexOf(timed))
    .findLast((line) => line['event'] === 'recognition-timed');
  const toldAtMs = Date.parse(String(timed['time']));
  const stillness = number('stillnessMs');
  const photo = number('photoMs');
  const decision = number('decisionMs');
  const recognitionMs = number('recognitionMs');
  const ledger = number('ledgerMs');
  const engine = number('serverMs', recognition);
  const inference = Math.min(engine, recognitionMs);
  const heardAtMs = toldAtMs - photo - recognitionMs - decision - ledger;
  return {
    whole: paintedAtMs - number('stillSinceMs'),
    stillness,
    camera: heardAtMs - number('stillSinceMs') - stillness,
    photo,
    http: recognitionMs - inference,
    inference,
    decision,
    ledger,
    window: paintedAtMs - toldAtMs,
    engine,
    ahead: timed['ahead'] === true,
  };
}

/** Scripts of what people do at the tray, played on the drawn tray, with a record of what was reported. */
import type { Thumb } from '../../shared/frame.ts';
import { seededRandom } from '../../shared/seeded-random.ts';
import type { DrawnItem, Random, Scene } from './synthetic.ts';
import { createScene, randomItem } from './synthetic.ts';
import type { SceneOptions } from './synthetic.ts';
import type { Tray, TrayEvent } from './tray.ts';
import { createTray } from './tray.ts';

export interface Play {
  readonly scene: Scene;
  readonly tray: Tray;
  readonly random: Random;
  /** All that was reported, in order. */
  readonly events: TrayEvent[];
  /** Changes the light a little before each picture. */
  weather: (nowMs: number) => void;
  /** Looks at every picture. */
  watch: ((thumb: Thumb) => void) | undefined;
  step(pictures?: number): readonly TrayEvent[];
}

export function createPlay(options: Partial<SceneOptions>, tray: Tray = createTray()): Play {
  const scene = createScene(options);
  const random = seededRandom((options.seed ?? 1) * 7919 + 13);
  const events: TrayEvent[] = [];
  const play: Play = {
    scene,
    tray,
    random,
    events,
    weather: () => {},
    watch: undefined,
    step(pictures = 1) {
      const from = events.length;
      for (let i = 0; i < pictures; i++) {
        play.weather(scene.nowMs);
        const thumb = scene.frame();
        play.watch?.(thumb);
        events.push(...tray.see(thumb));
      }
      return events.slice(from);
    },
  };
  return play;
}

/** Light that wanders by ±30% in level and a little in direction, over about two minutes. */
export function driftingLight(play: Play, phase: number): (nowMs: number) => void {
  return (nowMs) => {
    const t = nowMs / 1000;
    play.scene.light.level = 1 + 0.3 * Math.sin(t / 17 + phase);
    play.scene.light.tiltX = 0.15 * Math.sin(t / 23 + phase * 2);
    play.scene.light.tiltY = 0.1 * Math.sin(t / 29 + phase * 3);
  };
}

/** Pictures that last so many milliseconds. */
export function picturesIn(play: Play, ms: number): number {
  return Math.max(1, Math.round((ms * play.scene.options.fps) / 1000));
}

/** A free place for an item: clear of the others by `gap` pixels and of the border by 4. */
export function findPlace(play: Play, item: DrawnItem, gap: number): boolean {
  const { width, height } = play.scene.options;
  let reach = reachOf(item);
  const most = height / 2 - 6;
  if (reach > most) {
    item.long *= most / reach;
    item.short *= most / reach;
    reach = most;
  }
  for (let attempt = 0; attempt < 200; attempt++) {
    const x = reach + 5 + play.random() * Math.max(0, width - 2 * reach - 10);
    const y = reach + 5 + play.random() * Math.max(0, height - 2 * reach - 10);
    const isFree = play.scene.items.every((other) => {
      return Math.hypot(other.x - x, other.y - y) > reach + reachOf(other) + gap;
    });
    if (isFree) {
      item.x = x;
      item.y = y;
      return true;
    }
  }
  return false;
}

/** Radius of a circle about an item. */
function reachOf(item: DrawnItem): number {
  if (item.shape === 'carton') return Math.hypot(item.long, item.short);
  return item.long * (item.shape === 'blob' ? 1.2 : item.shape === 'banana' ? 1.15 : 1);
}

export interface HandWay {
  fromX: number;
  fromY: number;
  grey: number;
  thick: number;
  shadow: number;
}

/** A sleeve or a hand just as grey as the tray is a riddle of its own; this one can be seen. */
function handGrey(play: Play): number {
  const { ground } = play.scene.options;
  const lighter = ground + 22 + play.random() * (210 - ground - 22);
  const darker = 45 + play.random() * (ground - 22 - 45);
  return play.random() < 0.5 ? lighter : darker;
}

export function randomHandWay(play: Play): HandWay {
  const { width, height } = play.scene.options;
  const { random } = play;
  const side = Math.floor(random() * 3);
  return {
    fromX: side === 0 ? -30 : side === 1 ? width + 30 : random() * width,
    fromY: side === 2 ? height + 30 : height * (0.2 + random() * 0.8),
    grey: handGrey(play),
    thick: width * (0.07 + random() * 0.04),
    shadow: 0.15 + random() * 0.2,
  };
}

/** Moves the hand between its edge (0) and a place (1), holding an item or not. */
export function setHand(
  play: Play,
  way: HandWay,
  x: number,
  y: number,
  part: number,
  holds?: DrawnItem,
): void {
  const startX = way.fromX + (way.fromX - x) * 0.1;
  const startY = way.fromY + (way.fromY - y) * 0.1;
  play.scene.hand = {
    fromX: startX + (startX - x),
    fromY: startY + (startY - y),
    x: startX + (x - startX) * part,
    y: startY + (y - startY) * part,
    grey: way.grey,
    thick: way.thick,
    shadow: way.shadow,
  };
  if (holds !== undefined) {
    const { hand } = play.scene;
    const dx = x - startX;
    const dy = y - startY;
    const far = Math.hypot(dx, dy);
    hand.holds = {
      ...holds,
      x: hand.x + (dx / far) * holds.short * 0.6,
      y: hand.y + (dy / far) * holds.short * 0.6,
    };
  }
}

export function handReaches(
  play: Play,
  way: HandWay,
  x: number,
  y: number,
  ms: number,
  holds?: DrawnItem,
): void {
  const n = picturesIn(play, ms);
  for (let i = 1; i <= n; i++) {
    const t = i / n;
    setHand(play, way, x, y, t * t * (3 - 2 * t), holds);
    play.step();
  }
}

export function handLeaves(play: Play, way: HandWay, x: number, y: number, ms: number): void {
  const n = picturesIn(play, ms);
  for (let i = 1; i <= n; i++) {
    const t = 1 - i / n;
    setHand(play, way, x, y, t * t * (3 - 2 * t));
    play.step();
  }
  play.scene.hand = undefined;
}

/** A hand brings an item, may hesitate over the place, lets go, lingers, and goes. */
export function bring(play: Play, item: DrawnItem, hesitateMs: number, lingerMs: number): void {
  const way = randomHandWay(play);
  const dx = item.x - way.fromX;
  const dy = item.y - way.fromY;
  const far = Math.hypot(dx, dy);
  const gripX = item.x - (dx / far) * item.short * 0.6;
  const gripY = item.y - (dy / far) * item.short * 0.6;
  handReaches(play, way, gripX, gripY, 400 + play.random() * 300, item);
  if (hesitateMs > 0) play.step(picturesIn(play, hesitateMs));
  if (play.scene.hand !== undefined) play.scene.hand.holds = undefined;
  play.scene.items.push(item);
  play.scene.redraw();
  if (lingerMs > 0) play.step(picturesIn(play, lingerMs));
  handLeaves(play, way, gripX, gripY, 300 + play.random() * 300);
}

/** A hand takes an item away. */
export function takeAway(play: Play, item: DrawnItem): void {
  const way = randomHandWay(play);
  handReaches(play, way, item.x, item.y, 400 + play.random() * 300);
  play.step(2);
  play.scene.items.splice(play.scene.items.indexOf(item), 1);
  play.scene.redraw();
  const n = picturesIn(play, 400);
  for (let i = 1; i <= n; i++) {
    const t = 1 - i / n;
    setHand(play, way, item.x, item.y, t * t * (3 - 2 * t), item);
    play.step();
  }
  play.scene.hand = undefined;
}

/** A hand passes over the tray and does nothing. */
export function pass(play: Play, restMs: number): void {
  const { width, height } = play.scene.options;
  const way = randomHandWay(play);
  const x = width * (0.2 + play.random() * 0.6);
  const y = height * (0.2 + play.random() * 0.6);
  handReaches(play, way, x, y, 300 + play.random() * 300);
  if (restMs > 0) play.step(picturesIn(play, restMs));
  handLeaves(play, way, x, y, 300 + play.random() * 300);
}

export interface Tally {
  placements: number;
  removals: number;
  missed: number;
  doubled: number;
  wrongRemovals: number;
  /** A line for each thing that went wrong. */
  faults: string[];
  /** From the first picture of the item lying still to its event, only where no hand was about. */
  delaysMs: number[];
}

export interface LongScript {
  readonly options: Partial<SceneOptions>;
  readonly actions: number;
  /** The least difference between an item's grey and the tray's. */
  readonly contrast: (random: Random) => number;
  readonly withHands: boolean;
  readonly withDrift: boolean;
}

/** Places and removes at random, and counts what was reported amiss. */
export function playLong(script: LongScript, tally: Tally = emptyTally()): Tally {
  const play = createPlay(script.options);
  const { random, scene } = play;
  if (script.withDrift) play.weather = driftingLight(play, random() * 6);
  play.step(picturesIn(play, 600));
  const known = new Map<DrawnItem, string>();
  for (let action = 0; action < script.actions; action++) {
    const before = play.events.length;
    const doesPlace = scene.items.length === 0 || (scene.items.length < 4 && random() < 0.6);
    const item = doesPlace
      ? randomItem(random, scene, sizeFor(random, scene.items.length), script.contrast(random))
      : scene.items[Math.floor(random() * scene.items.length)]!;
    const hasHand = script.withHands && random() < 0.7;
    if (script.withHands && random() < 0.3) pass(play, random() < 0.3 ? 1000 : 0);
    const label = `${script.options.seed ?? 1}/${action} ${item.shape} ${item.grey.toFixed(0)} ${item.long.toFixed(0)}×${item.short.toFixed(0)}`;
    let laidMs = Number.NaN;
    if (doesPlace) {
      if (!findPlace(play, item, 4)) continue;
      tally.placements++;
      if (hasHand) {
        bring(
          play,
          item,
          random() < 0.4 ? 150 + random() * 800 : 0,
          random() < 0.5 ? random() * 300 : 0,
        );
      } else {
        slideIn(play, item);
        laidMs = scene.nowMs + 1000 / scene.options.fps;
      }
    } else {
      tally.removals++;
      if (hasHand) takeAway(play, item);
      else {
        scene.items.splice(scene.items.indexOf(item), 1);
        scene.redraw();
      }
    }
    play.step(picturesIn(play, 500 + random() * 300));
    classifier(play.events.slice(before), doesPlace, item, known, label, laidMs, tally);
  }
  return tally;
}

export function emptyTally(): Tally {
  return {
    placements: 0,
    removals: 0,
    missed: 0,
    doubled: 0,
    wrongRemovals: 0,
    faults: [],
    delaysMs: [],
  };
}

function sizeFor(random: Random, lying: number): number {
  if (lying === 0 && random() < 0.1) return 0.25 + random() * 0.15;
  return 0.03 + random() * random() * 0.1;
}

/** Without a hand, over three pictures, as a belt or a child's shove brings it. */
function slideIn(play: Play, item: DrawnItem): void {
  const { x, y } = item;
  for (let i = 3; i >= 1; i--) {
    item.x = x + i * 4;
    item.y = y - i * 3;
    play.scene.items.push(item);
    play.scene.redraw();
    play.step();
    play.scene.items.pop();
  }
  item.x = x;
  item.y = y;
  play.scene.items.push(item);
  play.scene.redraw();
}

function classifier(
  events: readonly TrayEvent[],
  doesPlace: boolean,
  item: DrawnItem,
  known: Map<DrawnItem, string>,
  label: string,
  laidMs: number,
  tally: Tally,
): void {
  const placed = events.filter((event) => event.kind === 'placed');
  const removed = events.filter((event) => event.kind === 'removed');
  const moved = events.filter((event) => event.kind === 'moved');
  if (doesPlace) {
    const [first, ...more] = placed;
    if (first === undefined) {
      tally.missed++;
      tally.faults.push(`${label}: not placed (${events.map((event) => event.kind).join(' ')})`);
    } else {
      known.set(item, first.placementId);
      if (Number.isFinite(laidMs)) tally.delaysMs.push(first.atMs - laidMs);
    }
    if (more.length > 0) {
      tally.doubled += more.length;
      tally.faults.push(`${label}: placed ${placed.length} times`);
    }
  } else {
    const id = known.get(item);
    known.delete(item);
    if (!removed.some((event) => event.placementId === id)) {
      tally.missed++;
      tally.faults.push(
        `${label}: ${id} not removed (${events.map((event) => event.kind).join(' ')})`,
      );
    }
    if (placed.length > 0) {
      tally.doubled += placed.length;
      tally.faults.push(`${label}: placed ${placed.length} at a removal`);
    }
  }
  const right = doesPlace ? undefined : removed[0]?.placementId;
  const wrong =
    removed.filter((event) => doesPlace || event.placementId !== right).length + moved.length;
  if (wrong > 0) {
    tally.wrongRemovals += wrong;
    tally.faults.push(
      `${label}: ${wrong} others removed or moved (${[...removed, ...moved].map((event) => `${event.kind} ${event.placementId}`).join(' ')})`,
    );
  }
}

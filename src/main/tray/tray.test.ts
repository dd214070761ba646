import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Thumb } from '../../shared/frame.ts';
import type { Play } from './script.ts';
import {
  bring,
  createPlay,
  driftingLight,
  emptyTally,
  handLeaves,
  handReaches,
  pass,
  picturesIn,
  playLong,
  randomHandWay,
  setHand,
  takeAway,
} from './script.ts';
import type { DrawnItem, SceneOptions } from './synthetic.ts';
import type { TrayEvent } from './tray.ts';
import { createTray } from './tray.ts';

const ROUND: DrawnItem = {
  shape: 'round',
  x: 60,
  y: 60,
  long: 18,
  short: 16,
  turn: 0.4,
  grey: 70,
  texture: 8,
  shading: 0.25,
  gloss: 50,
  shadow: 0.25,
  shadowSoft: 5,
  seed: 5,
};

/** Is there from the next picture on. */
function put(play: Play, like: DrawnItem): DrawnItem {
  const item = { ...like };
  play.scene.items.push(item);
  play.scene.redraw();
  return item;
}

/** Fall to their places together: nearer to the camera, and so larger, in the two pictures before. */
function layAll(play: Play, likes: readonly DrawnItem[]): readonly DrawnItem[] {
  const items = likes.map((like) => put(play, like));
  fall(play, items);
  return items;
}

function fall(play: Play, items: readonly DrawnItem[]): void {
  const likes = items.map((item) => ({ ...item }));
  for (const nearer of [1.6, 1.3]) {
    for (const [at, like] of likes.entries()) {
      Object.assign(items[at]!, { long: like.long * nearer, short: like.short * nearer });
    }
    play.scene.redraw();
    play.step();
  }
  for (const [at, like] of likes.entries()) Object.assign(items[at]!, like);
  play.scene.redraw();
}

function lay(play: Play, like: DrawnItem): DrawnItem {
  return layAll(play, [like])[0]!;
}

/** Slides an item to another place, in so many pictures before the last. */
function slide(play: Play, item: DrawnItem, x: number, y: number, pictures: number): void {
  const { x: fromX, y: fromY } = item;
  for (let picture = 1; picture <= pictures + 1; picture++) {
    const part = picture / (pictures + 1);
    item.x = fromX + (x - fromX) * part;
    item.y = fromY + (y - fromY) * part;
    play.scene.redraw();
    if (picture <= pictures) play.step();
  }
}

function lift(play: Play, item: DrawnItem): void {
  play.scene.items.splice(play.scene.items.indexOf(item), 1);
  play.scene.redraw();
}

/** A rim of one grey all around, so thick within the picture. */
function layRim(play: Play, grey: number, thick: number): void {
  const { width, height } = play.scene.options;
  const bar: DrawnItem = {
    ...ROUND,
    shape: 'carton',
    turn: 0,
    texture: 0,
    shading: 0,
    gloss: 0,
    shadow: 0,
    grey,
  };
  for (const y of [0, height - 1])
    put(play, { ...bar, x: width / 2, y, long: width, short: thick });
  for (const x of [0, width - 1])
    put(play, { ...bar, x, y: height / 2, long: thick, short: height });
}

function start(options: Partial<SceneOptions> = {}): Play {
  const play = createPlay(options);
  play.step(Math.max(10, picturesIn(play, 500)));
  return play;
}

/** What lies or lay on the tray, without the comings and goings of hands. */
function things(events: readonly TrayEvent[]): string[] {
  return events
    .filter(
      (event) => event.kind === 'placed' || event.kind === 'removed' || event.kind === 'moved',
    )
    .map((event) => `${event.kind} ${event.placementId}`);
}

function only<K extends TrayEvent['kind']>(
  events: readonly TrayEvent[],
  kind: K,
): Extract<TrayEvent, { kind: K }>[] {
  return events.filter((event): event is Extract<TrayEvent, { kind: K }> => event.kind === kind);
}

describe('an item', () => {
  it.each([30, 15])('is placed within 110 ms of lying still at %i pictures a second', (fps) => {
    const play = start({ fps });
    lay(play, ROUND);
    const laidMs = play.scene.nowMs + 1000 / fps;
    const [placed, ...more] = only(play.step(fps), 'placed');
    expect(more).toEqual([]);
    expect(placed?.atMs).toBeLessThanOrEqual(laidMs + 110);
    expect(placed?.stillSinceMs).toBeCloseTo(laidMs);
  });

  it('has a region that is its box, without its soft shadow', () => {
    const play = start();
    lay(play, ROUND);
    const [placed] = only(play.step(20), 'placed');
    const region = placed?.region ?? { left: 0, top: 0, width: 1, height: 1 };
    expect(Math.abs(region.left * 160 - 42)).toBeLessThan(5);
    expect(Math.abs((region.left + region.width) * 160 - 78)).toBeLessThan(6);
    expect(Math.abs(region.top * 120 - 43)).toBeLessThan(5);
    expect(Math.abs((region.top + region.height) * 120 - 77)).toBeLessThan(6);
  });

  it('is told from what lies right beside it by the pixels of its own', () => {
    const play = start();
    lay(play, { ...ROUND, x: 120, seed: 6 });
    play.step(20);
    lay(play, ROUND);
    const events = play.step(20);
    const [resting] = only(events, 'resting');
    const [placed] = only(events, 'placed');
    for (const mask of [resting?.region.mask, placed?.region.mask]) {
      const ownAt = (x: number, y: number) => mask?.own[y * 160 + x];
      expect([mask?.width, mask?.height, mask?.own.length]).toEqual([160, 120, 160 * 120]);
      expect([50, 60, 70].map((x) => ownAt(x, 60))).toEqual([1, 1, 1]);
      expect([100, 120, 135].map((x) => ownAt(x, 60))).toEqual([0, 0, 0]);
      expect(ownAt(60, 20)).toBe(0);
    }
  });

  it('is said to rest once it is still for a picture, where it will be placed', () => {
    const play = start();
    lay(play, ROUND);
    const events = play.step(20);
    const [resting, ...more] = only(events, 'resting');
    const [placed] = only(events, 'placed');
    expect(more).toEqual([]);
    expect(resting?.atMs).toBeLessThan(placed?.atMs ?? 0);
    expect(resting?.atMs).toBeGreaterThan(placed?.stillSinceMs ?? Infinity);
    for (const side of ['left', 'top', 'width', 'height'] as const) {
      expect(Math.abs((resting?.region[side] ?? 0) - (placed?.region[side] ?? 1))).toBeLessThan(
        0.025,
      );
    }
  });

  it('still on its way, or going away, is not said to rest', () => {
    const play = start();
    const item = lay(play, { ...ROUND, x: 40 });
    for (let i = 0; i < 12; i++) {
      play.step();
      item.x += 3;
      play.scene.redraw();
    }
    lift(play, item);
    play.step(20);
    expect(only(play.events, 'resting')).toEqual([]);
    expect(only(play.events, 'disturbed')).toHaveLength(1);
  });

  it('that leaves is named', () => {
    const play = start();
    const first = lay(play, ROUND);
    play.step(20);
    lay(play, { ...ROUND, x: 115, grey: 180 });
    play.step(20);
    lift(play, first);
    play.step(20);
    expect(things(play.events)).toEqual(['placed p1', 'placed p2', 'removed p1']);
    expect(play.tray.placements().map(({ placementId }) => placementId)).toEqual(['p2']);
  });

  it('as grey as the tray is seen by its shading', () => {
    const play = start({ noise: 2, groundTexture: 4 });
    const item = lay(play, { ...ROUND, grey: 130, gloss: 0, texture: 3 });
    play.step(30);
    lift(play, item);
    play.step(30);
    expect(things(play.events)).toEqual(['placed p1', 'removed p1']);
  });

  it('laid against another is a placement of its own, and only what is new is its region', () => {
    const play = start();
    lay(play, ROUND);
    play.step(20);
    lay(play, {
      ...ROUND,
      x: 90,
      y: 66,
      grey: 190,
      shape: 'carton',
      long: 16,
      short: 12,
      turn: 0.1,
    });
    const [placed] = only(play.step(20), 'placed');
    expect(things(play.events)).toEqual(['placed p1', 'placed p2']);
    expect((placed?.region.left ?? 0) * 160).toBeGreaterThan(66);
  });

  it('laid together with another gives two placements', () => {
    const play = start();
    layAll(play, [ROUND, { ...ROUND, x: 115, grey: 185 }]);
    play.step(20);
    expect(things(play.events)).toEqual(['placed p1', 'placed p2']);
  });

  describe.each([0, 1.57, 2])('with dark ends a hand apart, turned by %f,', (turn) => {
    const plain: DrawnItem = {
      ...ROUND,
      shape: 'carton',
      turn,
      texture: 0,
      shading: 0,
      gloss: 0,
      shadowSoft: 2,
    };

    function layEnds(play: Play, shadow: number): readonly DrawnItem[] {
      return layAll(
        play,
        [-24, 24].map((far) => ({
          ...plain,
          x: 80 + far * Math.cos(turn),
          y: 60 + far * Math.sin(turn),
          long: 10,
          short: 15,
          grey: 120,
          shadow,
        })),
      );
    }

    it('and hardly paler than the tray between them, is one', () => {
      const play = start({ fps: 15, ground: 224, groundTexture: 1 });
      lay(play, { ...plain, x: 80, y: 60, long: 34, short: 15, grey: 229, shadow: 0 });
      layEnds(play, 0);
      play.step(20);
      expect(things(play.events)).toEqual(['placed p1']);
    });

    it('and the tray between them, is two that were laid at the same moment', () => {
      const play = start({ fps: 15, ground: 224, groundTexture: 1 });
      const ends = layEnds(play, 0.3);
      const placed = only(play.step(20), 'placed');
      expect(things(play.events)).toEqual(['placed p1', 'placed p2']);
      const ownAt = ({ x, y }: DrawnItem) =>
        placed.map(({ region }) => region.mask?.own[Math.round(y) * 160 + Math.round(x)]);
      const owned = ends.map(ownAt);
      expect(owned.map((own) => own.reduce((sum, one) => sum! + one!))).toEqual([1, 1]);
      expect(owned[0]).not.toEqual(owned[1]);
    });
  });

  it('pushed aside has moved and is not placed again', () => {
    const play = start();
    const item = lay(play, ROUND);
    play.step(20);
    for (let i = 0; i < 8; i++) {
      item.x += 3;
      play.scene.redraw();
      play.step();
    }
    play.step(20);
    expect(new Set(things(play.events))).toEqual(new Set(['placed p1', 'moved p1']));
    expect(play.tray.placements()).toHaveLength(1);
    expect((play.tray.placements()[0]?.region.left ?? 0) * 160).toBeGreaterThan(60);
  });

  it('carried across the tray by a hand has moved', () => {
    const play = start();
    const item = lay(play, { ...ROUND, x: 40, y: 50 });
    play.step(20);
    slide(play, item, 118, 70, 4);
    play.step(30);
    expect(things(play.events)).toEqual(['placed p1', 'moved p1']);
  });

  it('turned in place is not placed again', () => {
    const play = start();
    const item = lay(play, { ...ROUND, shape: 'carton', long: 26, short: 14, x: 80 });
    play.step(20);
    item.turn += 0.5;
    play.scene.redraw();
    play.step(30);
    expect(only(play.events, 'placed')).toHaveLength(1);
    expect(only(play.events, 'removed')).toHaveLength(0);
    lift(play, item);
    play.step(30);
    expect(only(play.events, 'removed').map(({ placementId }) => placementId)).toEqual(['p1']);
  });

  it('is placed while the light drifts, and once', () => {
    const play = start();
    play.weather = driftingLight(play, 1);
    play.step(300);
    lay(play, { ...ROUND, grey: 110 });
    play.step(300);
    expect(things(play.events)).toEqual(['placed p1']);
  });

  it('laid in the moment a lamp is switched is placed, and once', () => {
    const play = start();
    play.scene.light.level = 0.7;
    lay(play, ROUND);
    play.step(40);
    expect(things(play.events)).toEqual(['placed p1']);
  });

  it('paler than the tray but for a rim as grey as it is no shadow', () => {
    const tally = playLong({
      options: { seed: 325, fps: 15, noise: 3, groundTexture: 6, ground: 95 },
      actions: 16,
      contrast: (random) => (random() < 0.2 ? random() * 10 : 10 + random() * 80),
      withHands: true,
      withDrift: true,
    });
    expect(tally.faults).toEqual([]);
  });

  it('cut by the border is placed after the patience for an arm', () => {
    const play = start();
    lay(play, { ...ROUND, x: 150, long: 24, short: 22 });
    play.step(picturesIn(play, 2500));
    expect(things(play.events)).toEqual(['placed p1']);
  });

  it.each(['none', 'long'] as const)(
    'brought and taken by a hand with %s hesitation comes and goes once',
    (hesitation) => {
      const play = start({ seed: 4 });
      const item = { ...ROUND, x: 80 };
      bring(play, item, hesitation === 'long' ? 900 : 0, 200);
      play.step(20);
      takeAway(play, item);
      play.step(20);
      expect(things(play.events)).toEqual(['placed p1', 'removed p1']);
    },
  );
});

describe('nothing is placed or removed by', () => {
  function quiet(name: string, options: Partial<SceneOptions>, act: (play: Play) => void): void {
    it.each([
      ['an empty tray', 0],
      ['two items', 2],
    ])(`${name}, on %s`, (_, items) => {
      const play = start(options);
      if (items === 2) {
        lay(play, ROUND);
        play.step(20);
        lay(play, { ...ROUND, x: 112, y: 50, grey: 195, shape: 'carton' });
        play.step(20);
      }
      const before = play.events.length;
      expect(things(play.events)).toHaveLength(items);
      act(play);
      expect(things(play.events.slice(before))).toEqual([]);
      expect(only(play.events.slice(before), 'resting')).toEqual([]);
    });
  }

  quiet('a noisy camera', { noise: 4, shot: 0.1 }, (play) => {
    play.step(300);
  });
  quiet('a shaking camera', { shakePx: 1, groundTexture: 10 }, (play) => {
    play.step(150);
  });
  quiet('compression', { blocky: 6 }, (play) => {
    play.step(150);
  });
  quiet('a lamp switched', {}, (play) => {
    for (const level of [0.6, 1.25, 0.8, 1]) {
      play.scene.light.level = level;
      play.scene.light.tiltX = (1 - level) * 0.4;
      play.step(60);
    }
  });
  quiet('automatic exposure', {}, (play) => {
    play.weather = (nowMs) => {
      play.scene.light.level = 1 + 0.25 * Math.sin(nowMs / 250);
    };
    play.step(120);
    play.weather = () => {};
    play.step(30);
  });
  quiet('hands that pass or rest for a second', { seed: 8 }, (play) => {
    for (let i = 0; i < 6; i++) {
      pass(play, i % 2 === 0 ? 1000 : 0);
      play.step(15);
    }
  });
  quiet('a shadow that comes, stays and goes', {}, (play) => {
    const shade = { x: -60, y: 50, radius: 45, strength: 0.35 };
    play.scene.shade = shade;
    for (let i = 0; i < 60; i++) {
      shade.x += 2;
      play.step();
    }
    play.step(120);
    for (let i = 0; i < 70; i++) {
      shade.x += 2;
      play.step();
    }
    play.scene.shade = undefined;
    play.step(60);
  });
  quiet('the light of five minutes', { fps: 3 }, (play) => {
    play.weather = driftingLight(play, 0);
    play.step(900);
  });
});

describe('at the border', () => {
  it.each([30, 15])('an item waits no longer than an arm may rest, at %i a second', (fps) => {
    const play = start({ fps });
    lay(play, { ...ROUND, x: 80, y: 4 });
    const [placed] = only(play.step(3 * fps), 'placed');
    expect(placed!.atMs - placed!.stillSinceMs).toBeCloseTo(1500, -2);
  });

  it('a dark sleeve over a rim as dark is an arm', () => {
    const play = createPlay({});
    lay(play, {
      ...ROUND,
      shape: 'carton',
      x: 80,
      y: 0,
      long: 100,
      short: 8,
      turn: 0,
      grey: 50,
      texture: 0,
      shading: 0,
      gloss: 0,
      shadow: 0,
    });
    play.step(15);
    const way = { fromX: 80, fromY: -30, grey: 50, thick: 13, shadow: 0.2 };
    for (let i = 1; i <= 12; i++) {
      setHand(play, way, 80, 60, i / 12);
      play.step();
    }
    play.step(30);
    expect(things(play.events)).toEqual([]);
  });

  it('a sleeve a little paler than the rim that it hides is an arm', () => {
    const play = createPlay({ ground: 200, groundTexture: 2, fps: 15 });
    layRim(play, 55, 7);
    play.step(10);
    const way = { fromX: 80, fromY: 150, grey: 58, thick: 12, shadow: 0.1 };
    for (let i = 1; i <= 5; i++) {
      setHand(play, way, 80, 60, i / 5);
      play.step();
    }
    play.step(15);
    expect(things(play.events)).toEqual([]);
  });

  it('a thing whose hard shade falls across the rim is no arm, and need not wait as one', () => {
    const play = createPlay({ ground: 200, groundTexture: 2, fps: 15 });
    layRim(play, 90, 8);
    play.step(10);
    lay(play, {
      ...ROUND,
      shape: 'carton',
      turn: 0.1,
      x: 70,
      y: 34,
      long: 20,
      short: 14,
      shadow: 0.35,
      shadowSoft: 2,
      shadowAt: { x: 12, y: -24 },
    });
    const [placed] = only(play.step(40), 'placed');
    expect(things(play.events)).toEqual(['placed p1']);
    expect(placed!.atMs - placed!.stillSinceMs).toBeLessThan(500);
  });

  it('a thing that lies on the rim, and shades the rest of it, need not wait as an arm does', () => {
    const play = createPlay({ ground: 200, groundTexture: 2, fps: 15 });
    layRim(play, 95, 10);
    play.step(10);
    lay(play, {
      ...ROUND,
      shape: 'carton',
      turn: 0,
      x: 80,
      y: 86,
      long: 22,
      short: 28,
      grey: 70,
      texture: 0,
      shading: 0,
      gloss: 0,
      shadow: 0.3,
      shadowSoft: 7,
    });
    const [placed] = only(play.step(40), 'placed');
    expect(placed!.atMs - placed!.stillSinceMs).toBeLessThan(500);
  });

  it('the tip of a finger that rests for a moment is no item', () => {
    const play = start();
    const tip = lay(play, {
      ...ROUND,
      shape: 'carton',
      x: 80,
      y: -30,
      long: 26,
      short: 3,
      turn: Math.PI / 2,
      grey: 190,
      gloss: 0,
    });
    for (let i = 0; i < 5; i++) {
      tip.y += 6;
      play.scene.redraw();
      play.step();
    }
    play.step(6);
    for (let i = 0; i < 5; i++) {
      tip.y -= 6;
      play.scene.redraw();
      play.step();
    }
    lift(play, tip);
    play.step(20);
    expect(things(play.events)).toEqual([]);
    expect(only(play.events, 'disturbed')).not.toEqual([]);
  });
});

describe('an item that leaves', () => {
  it.each([
    ['small, on a rough tray', { shadow: 0.35, shadowSoft: 5 }, 12],
    ['large, on a smooth tray', { shadow: 0.5, shadowSoft: 6 }, 6],
  ])('leaves no item where its shade was: %s', (_, shade, groundTexture) => {
    const play = start({ fps: 3, groundTexture });
    const item = lay(play, { ...ROUND, x: 80, short: 14.4, grey: 180, shadow: 0 });
    item.shadowSoft = shade.shadowSoft;
    play.step(4);
    // So slowly that it becomes a part of the tray and not of the item.
    for (let i = 1; i <= 150; i++) {
      item.shadow = (shade.shadow * i) / 150;
      play.scene.redraw();
      play.step();
    }
    lift(play, item);
    play.step(10);
    expect(things(play.events)).toEqual(['placed p1', 'removed p1']);
  });

  it.each([
    {
      seems: 'moved',
      ground: 193,
      tall: { long: 15, short: 12, turn: 1.1, grey: 97, shadow: 0.7, shadowSoft: 21 },
      beside: { x: 79, y: 73, long: 14, short: 9, turn: 1.6, grey: 30, shadow: 0.1 },
    },
    {
      seems: 'new',
      ground: 200.1,
      tall: { long: 14.7, short: 14, turn: 0.7, grey: 101.7, shadow: 0.5, shadowSoft: 20.2 },
      beside: { x: 77.4, y: 74.2, long: 13.7, short: 10.4, turn: 2.1, grey: 35.9, shadow: 0.3 },
    },
  ])('takes its shade off its neighbour, which is not $seems', ({ ground, tall, beside }) => {
    const play = start({ fps: 15, ground, groundTexture: 1 });
    const plain = { ...ROUND, shape: 'carton', texture: 4, gloss: 0 } as const;
    const item = lay(play, { ...plain, x: 55, y: 62, ...tall });
    play.step(15);
    // Drawn before the first, so that its shade falls on it.
    const second = { ...plain, shadowSoft: 6.3, ...beside };
    play.scene.items.unshift(second);
    fall(play, [second]);
    play.step(15);
    lift(play, item);
    play.step(30);
    expect(things(play.events)).toEqual(['placed p1', 'placed p2', 'removed p1']);
  });

  it.each([
    {
      low: { x: 62.9, y: 74.6, long: 13.3, short: 9.5, turn: 0.1, grey: 66.8 },
      tall: { long: 14.5, short: 14.6, turn: 1, grey: 108.3, shadow: 0.5, shadowSoft: 18.4 },
    },
    {
      low: { x: 66.5, y: 72.5, long: 14.2, short: 8.2, turn: 0, grey: 50.3 },
      tall: { long: 17.1, short: 14.7, turn: 0.2, grey: 93.4, shadow: 0.4, shadowSoft: 17.5 },
    },
  ])('bares the tray in the shade of what stands over it still (%#)', ({ low, tall }) => {
    const play = start({ fps: 15, ground: 206.3, groundTexture: 1 });
    const plain = { ...ROUND, shape: 'carton', texture: 4, gloss: 0 } as const;
    const item = put(play, { ...plain, shadow: 0.1, ...low });
    play.step(15);
    put(play, { ...plain, x: 55, y: 50, ...tall });
    play.step(15);
    lift(play, item);
    play.step(30);
    expect(things(play.events)).toEqual(['placed p1', 'placed p2', 'removed p1']);
  });

  it('is named where the light has become brighter than the camera can tell', () => {
    const play = start({ ground: 215, groundTexture: 2 });
    const item = lay(play, { ...ROUND, grey: 180, gloss: 0 });
    play.step(20);
    for (let i = 1; i <= 60; i++) {
      play.scene.light.level = 1 + (0.35 * i) / 60;
      play.step();
    }
    lift(play, item);
    play.step(20);
    expect(things(play.events)).toEqual(['placed p1', 'removed p1']);
  });
});

describe('with the bare tray brighter than the camera can tell', () => {
  /** A tray whose rim alone is not clipped in this light. */
  function startClipped(level: number): Play {
    const play = createPlay({ ground: 228, groundTexture: 1, fps: 15 });
    const bar: DrawnItem = { ...ROUND, shape: 'carton', turn: 0, texture: 3, gloss: 0, shadow: 0 };
    lay(play, { ...bar, x: 80, y: 0, long: 100, short: 12, shading: 0 });
    lay(play, { ...bar, x: 80, y: 119, long: 100, short: 12, shading: 0 });
    lay(play, { ...bar, x: 0, y: 60, long: 12, short: 80, shading: 0 });
    lay(play, { ...bar, x: 159, y: 60, long: 12, short: 80, shading: 0 });
    play.scene.light.level = level;
    play.step(10);
    return play;
  }

  it('a thing nearly as bright comes and goes once', () => {
    const play = startClipped(1.2);
    const pale = lay(play, {
      ...ROUND,
      shape: 'carton',
      x: 70,
      long: 28,
      short: 17,
      grey: 208,
      texture: 4,
      shading: 0,
      gloss: 0,
      shadowSoft: 8,
    });
    play.step(20);
    lift(play, pale);
    play.step(20);
    expect(things(play.events)).toEqual(['placed p1', 'removed p1']);
  });

  it.each([
    [1.2, 2],
    [1.7, 1.2],
  ])('a lamp switched from %f to %f is no item and hides none', (before, after) => {
    const play = startClipped(before);
    const first = lay(play, ROUND);
    play.step(20);
    play.scene.light.level = after;
    play.step(60);
    lay(play, { ...ROUND, x: 110, y: 70 });
    play.step(30);
    lift(play, first);
    play.step(30);
    expect(things(play.events)).toEqual(['placed p1', 'placed p2', 'removed p1']);
  });
});

describe('the lens', () => {
  function dark(play: Play, atMs: number): Thumb {
    const { width, height } = play.scene.options;
    return { width, height, atMs, grey: new Uint8Array(width * height).fill(3) };
  }

  it('dark at the start is told, and the tray is learned when it is light', () => {
    const play = createPlay({});
    const first = play.tray.see(dark(play, 0));
    expect(first).toEqual([{ kind: 'blind', reason: 'dark', atMs: 0 }]);
    expect(play.step()[0]?.kind).toBe('seeing');
    play.step(20);
    lay(play, ROUND);
    play.step(20);
    expect(things(play.events)).toEqual(['placed p1']);
  });

  it('too bright for more than a second is told, and what lay there is still known', () => {
    const play = start();
    lay(play, ROUND);
    play.step(20);
    play.scene.light.level = 6;
    play.step(60);
    expect(only(play.events, 'blind').map(({ reason }) => reason)).toEqual(['bright']);
    play.scene.light.level = 1;
    play.step(30);
    expect(only(play.events, 'seeing')).toHaveLength(1);
    expect(things(play.events)).toEqual(['placed p1']);
  });

  it('that opens with the exposure still settling shows no items', () => {
    const play = createPlay({});
    play.weather = (nowMs) => {
      play.scene.light.level = Math.min(1, 0.1 + nowMs / 600);
    };
    play.step(60);
    expect(things(play.events)).toEqual([]);
  });

  it('covered for more than a second is told, and what lay there is still known', () => {
    const play = start();
    lay(play, ROUND);
    play.step(20);
    const { width, height } = play.scene.options;
    const cover = new Uint8Array(width * height);
    for (let i = 0; i < 60; i++) {
      for (let p = 0; p < cover.length; p++)
        cover[p] = 110 + 80 * Math.sin((p % width) / 9 + i / 5) * Math.cos(p / width / 11);
      play.events.push(...play.tray.see({ ...play.scene.frame(), grey: cover }));
    }
    expect(only(play.events, 'blind').map(({ reason }) => reason)).toEqual(['covered']);
    play.step(90);
    expect(only(play.events, 'seeing')).toHaveLength(1);
    expect(things(play.events)).toEqual(['placed p1']);
  });

  it('whose noise stops is frozen, and sees again with the next new picture', () => {
    const play = start();
    play.step(30);
    const stuck = play.scene.frame();
    for (let i = 0; i < 120; i++)
      play.events.push(...play.tray.see({ ...stuck, atMs: stuck.atMs + i * 33 }));
    expect(only(play.events, 'blind').map(({ reason }) => reason)).toEqual(['frozen']);
    play.step(120);
    expect(play.events.at(-1)?.kind).toBe('seeing');
  });

  it('without any noise at all may stand still for a while, and an item is placed', () => {
    const play = start({ noise: 0, shot: 0 });
    play.step(picturesIn(play, 2000));
    lay(play, ROUND);
    play.step(20);
    expect(only(play.events, 'blind')).toEqual([]);
    expect(things(play.events)).toEqual(['placed p1']);
  });

  it('is frozen that shows the same picture from the first on, until it shows another', () => {
    const play = start({ noise: 0, shot: 0 });
    play.step(picturesIn(play, 5000));
    const blind = only(play.events, 'blind');
    expect(blind.map(({ reason }) => reason)).toEqual(['frozen']);
    lay(play, ROUND);
    play.step(20);
    expect(only(play.events, 'seeing')).toHaveLength(1);
    expect(things(play.events)).toEqual(['placed p1']);
  });
});

describe('a restless tray', () => {
  /** What keeps all of it in motion, by the time. */
  const unrests: readonly { what: string; weather: (play: Play) => (nowMs: number) => void }[] = [
    {
      what: 'a lamp that swings',
      weather: (play) => (nowMs) => {
        const { width, height } = play.scene.options;
        const x = width * (0.5 + 0.35 * Math.sin((2 * Math.PI * nowMs) / 700));
        play.scene.shade = { x, y: height / 2, radius: width * 0.3, strength: 0.8 };
      },
    },
    {
      what: 'a lamp that goes on and off',
      weather: (play) => (nowMs) => {
        play.scene.light.level = nowMs % 400 < 200 ? 1 : 0.01;
      },
    },
  ];

  function calm(play: Play): void {
    play.weather = () => {};
    play.scene.shade = undefined;
    play.scene.light.level = 1;
  }

  it.each(unrests)('under $what is told once, and what lay there is still known', ({ weather }) => {
    const play = start({ groundTexture: 14 });
    for (const x of [40, 120]) lay(play, { ...ROUND, x });
    play.step(20);
    play.weather = weather(play);
    const untilToldMs = play.scene.nowMs + 5000;
    play.step(picturesIn(play, 15_000));
    const told = only(play.events, 'blind').filter(({ reason }) => reason === 'restless');
    expect(told).toHaveLength(1);
    expect(told[0]!.atMs).toBeLessThan(untilToldMs);
    expect(play.events.findLast(({ kind }) => kind === 'blind' || kind === 'seeing')).toBe(told[0]);

    const calmFromMs = play.scene.nowMs;
    calm(play);
    play.step(picturesIn(play, 6000));
    const again = play.events.filter(({ kind, atMs }) => kind === 'seeing' && atMs > calmFromMs);
    expect(again).toHaveLength(1);
    expect(things(play.events)).toEqual(['placed p1', 'placed p2']);
    lay(play, { ...ROUND, x: 80, y: 30, long: 12, short: 11 });
    play.step(20);
    expect(things(play.events).slice(2)).toEqual(['placed p3']);
  });

  it('under lamps whose flicker is deeper than can be undone is told', () => {
    const play = start();
    play.weather = (nowMs) => {
      play.scene.light.bandAt = (place) =>
        1 + 0.8 * Math.sin(2 * Math.PI * (3 * place + nowMs / 310));
    };
    play.step(picturesIn(play, 5000));
    expect(only(play.events, 'blind').at(-1)?.reason).toBe('restless');
  });

  it('is told from the first picture on, and the tray is learned when it is calm', () => {
    const play = createPlay({ groundTexture: 14 });
    lay(play, ROUND);
    play.weather = unrests[0]!.weather(play);
    play.step(picturesIn(play, 9000));
    expect(only(play.events, 'blind').map(({ reason }) => reason)).toEqual(['restless']);
    expect(play.events[0]!.atMs).toBeLessThan(5000);
    calm(play);
    play.step(picturesIn(play, 6000));
    lay(play, { ...ROUND, x: 115 });
    play.step(20);
    expect(things(play.events)).toEqual(['placed p1']);
  });

  it('is none under somebody who works over it for half a minute', () => {
    const play = start();
    const untilMs = play.scene.nowMs + 30_000;
    const { width } = play.scene.options;
    while (play.scene.nowMs < untilMs) {
      const way = { ...randomHandWay(play), thick: width * 0.16 };
      const [x, y] = [width * (0.2 + play.random() * 0.6), 20 + play.random() * 60];
      handReaches(play, way, x, y, 250);
      handLeaves(play, way, x, y, 250);
    }
    expect(only(play.events, 'disturbed').length).toBeGreaterThan(0);
    expect(only(play.events, 'blind')).toEqual([]);
  });

  it('is none where all of it moves for two seconds', () => {
    const play = start({ groundTexture: 14 });
    play.weather = unrests[0]!.weather(play);
    play.step(picturesIn(play, 2000));
    calm(play);
    play.step(picturesIn(play, 4000));
    expect(only(play.events, 'blind')).toEqual([]);
  });
});

describe('what comes without a hand', () => {
  it('from one picture to the next is light, as the mirror image of a window', () => {
    const play = start({ ground: 110 });
    put(play, {
      ...ROUND,
      shape: 'carton',
      grey: 140,
      texture: 0,
      shading: 0,
      gloss: 0,
      shadow: 0,
    });
    play.step(60);
    expect(things(play.events)).toEqual([]);
  });

  it('is a thing where the pictures are poses and no film', () => {
    const play = createPlay({}, createTray({ suddenIsLight: false }));
    play.step(20);
    put(play, ROUND);
    play.step(60);
    expect(things(play.events)).toEqual(['placed p1']);
  });

  it('at a place outside of the set corners does not count', () => {
    const corners = [
      { x: 0, y: 0 },
      { x: 0.5, y: 0 },
      { x: 0.5, y: 1 },
      { x: 0, y: 1 },
    ];
    const play = createPlay({}, createTray({ corners }));
    play.step(20);
    lay(play, { ...ROUND, x: 120 });
    play.step(30);
    lay(play, { ...ROUND, x: 40 });
    play.step(30);
    expect(things(play.events)).toEqual(['placed p1']);
  });
});

describe('mains flicker', () => {
  /** Bands of a lamp at so many hertz, as a rolling shutter of 25 ms sees them. */
  function flickering(play: Play, hertz: number, depth: number): void {
    play.weather = (nowMs) => {
      play.scene.light.bandAt = (place) =>
        1 + depth * Math.sin(4 * Math.PI * hertz * (nowMs / 1000 + 0.025 * place));
    };
  }

  it.each([
    { hertz: 50, depth: 0.12, fps: 30 },
    { hertz: 60, depth: 0.12, fps: 25 },
    { hertz: 60, depth: 0.02, fps: 29.97 },
  ])('of $hertz Hz and ±$depth at $fps pictures a second hides and invents nothing', (lamp) => {
    const play = createPlay({ fps: lamp.fps });
    flickering(play, lamp.hertz, lamp.depth);
    play.step(picturesIn(play, 3000));
    const item = lay(play, ROUND);
    play.step(picturesIn(play, 3000));
    expect(things(play.events)).toEqual(['placed p1']);
    lift(play, item);
    play.step(picturesIn(play, 2000));
    expect(things(play.events)).toEqual(['placed p1', 'removed p1']);
  });
});

describe('reset', () => {
  it('with what lies there kept reports what changed while the camera was away', () => {
    const play = start();
    const first = lay(play, ROUND);
    play.step(20);
    lay(play, { ...ROUND, x: 115, grey: 190 });
    play.step(20);
    play.tray.reset({ keepPlacements: true });
    lift(play, first);
    play.scene.light.level = 0.75;
    play.step(30);
    expect(things(play.events)).toEqual(['placed p1', 'placed p2', 'removed p1']);
  });

  it('takes the tray as it is, and never gives an id again', () => {
    const play = start();
    lay(play, ROUND);
    play.step(20);
    play.tray.reset();
    play.step(20);
    expect(play.tray.placements()).toEqual([]);
    lay(play, { ...ROUND, x: 115, grey: 190 });
    play.step(20);
    expect(things(play.events)).toEqual(['placed p1', 'placed p2']);
  });

  it('is none when the thumbs come in another size of the same proportions', () => {
    const play = start();
    const first = lay(play, ROUND);
    play.step(20);
    lay(play, { ...ROUND, x: 115, grey: 190 });
    play.step(20);
    for (let i = 0; i < 20; i++) play.events.push(...play.tray.see(halved(play.scene.frame())));
    expect(things(play.events)).toEqual(['placed p1', 'placed p2']);
    lift(play, first);
    for (let i = 0; i < 20; i++) play.events.push(...play.tray.see(halved(play.scene.frame())));
    play.step(20);
    expect(things(play.events)).toEqual(['placed p1', 'placed p2', 'removed p1']);
    expect(play.tray.placements().map(({ placementId }) => placementId)).toEqual(['p2']);
  });

  it('happens by itself in other proportions, and what lay there has left', () => {
    const tray = createTray();
    const large = createPlay({}, tray);
    large.step(15);
    lay(large, ROUND);
    large.step(20);
    const small = createPlay({ width: 120, height: 68 }, tray);
    small.step(15);
    lay(small, { ...ROUND, x: 40, y: 34, long: 13, short: 12 });
    small.step(20);
    expect(things(large.events)).toEqual(['placed p1']);
    expect(things(small.events)).toEqual(['removed p1', 'placed p2']);
  });

  it('by another size of thumbs says that the tray is seen again', () => {
    const play = start();
    const { width, height } = play.scene.options;
    const night = { width, height, atMs: play.scene.nowMs, grey: new Uint8Array(width * height) };
    expect(play.tray.see(night).map(({ kind }) => kind)).toEqual(['blind']);
    const seen = play.tray.see(halved(play.scene.frame()));
    expect(seen.map(({ kind }) => kind)).toEqual(['seeing']);
  });
});

/** The same picture as a thumb of half the width and height. */
function halved({ width, height, grey, atMs }: Thumb): Thumb {
  const size = { width: width / 2, height: height / 2 };
  const mean = (_: unknown, at: number): number => {
    const p = Math.floor(at / size.width) * 2 * width + (at % size.width) * 2;
    return (grey[p]! + grey[p + 1]! + grey[p + width]! + grey[p + width + 1]!) / 4;
  };
  return { ...size, atMs, grey: Uint8Array.from({ length: size.width * size.height }, mean) };
}

it('names a thumb it cannot use', () => {
  const tray = createTray();
  expect(() => tray.see({ width: 8, height: 8, grey: new Uint8Array(64), atMs: 0 })).toThrow('8×8');
  expect(() => tray.see({ width: 64, height: 48, grey: new Uint8Array(5), atMs: 0 })).toThrow(
    '5 pixels',
  );
});

it('misses and doubles nothing, whatever the camera, the tray and the order of things', () => {
  const tally = emptyTally();
  const base = {
    noise: fc.constantFrom(1, 2, 3, 4),
    groundTexture: fc.constantFrom(2, 6, 10),
    ground: fc.integer({ min: 80, max: 180 }),
    fps: fc.constantFrom(15, 15, 15, 30),
    width: fc.constant(128),
    height: fc.constantFrom(72, 96),
    seed: fc.integer({ min: 1, max: 1e6 }),
  };
  fc.assert(
    fc.property(fc.record(base), fc.boolean(), fc.boolean(), (options, withHands, withDrift) => {
      const before = tally.faults.length;
      playLong(
        { options, actions: 16, contrast: (random) => 12 + random() * 80, withHands, withDrift },
        tally,
      );
      expect(tally.faults.slice(before)).toEqual([]);
    }),
    { seed: 20, numRuns: 25, endOnFailure: true },
  );
  expect(tally.placements + tally.removals).toBeGreaterThanOrEqual(300);
}, 300_000);

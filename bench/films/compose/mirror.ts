import type { Cutout } from './picture.ts';
import { between } from './random.ts';
import type { Random } from './random.ts';
import { createComposeCanvas } from './sprite.ts';
import type { Canvas, FilmSize } from './sprite.ts';

/** What is mirrored on a glossy ground: additive light with sharp edges, under all that lies there. */
export interface Mirror {
  /** Levels for each pixel. */
  readonly screens: readonly Canvas[];
  /** In order of time; the first is there from the start. */
  readonly changes: readonly MirrorChange[];
}

export interface MirrorChange {
  readonly atS: number;
  readonly screen: number;
  /** 0 for at once. */
  readonly fadeS: number;
}

export interface MirrorOptions {
  readonly photos: readonly Cutout[];
  readonly durationS: number;
  /** Its brightest, in levels. */
  readonly levels: number;
}

/** A kiosk's window with pictures, lines of text and buttons, that shows one page after another. */
export function mirroredWindow(film: FilmSize, random: Random, options: MirrorOptions): Mirror {
  const [width, height] = [film.width, film.height];
  const frame = {
    left: between(random, 0.03, 0.5) * width,
    top: between(random, 0.03, 0.4) * height,
    width: between(random, 0.25, 0.5) * width,
    height: between(random, 0.3, 0.6) * height,
  };
  const skew = between(random, -0.15, 0.15);
  const screens = Array.from({ length: 4 }, (_, page) =>
    pageOf(
      film,
      random,
      frame,
      skew,
      options.photos[page % options.photos.length]!,
      options.levels,
    ),
  );
  const changes: MirrorChange[] = [{ atS: -1, screen: 0, fadeS: 0 }];
  let atS = between(random, 1.5, 3);
  while (atS < options.durationS - 1) {
    const screen = (changes.at(-1)!.screen + 1 + Math.floor(random() * 3)) % screens.length;
    changes.push({ atS, screen, fadeS: random() < 0.5 ? 0 : 0.2 });
    atS += between(random, 1.2, 4);
  }
  return { screens, changes };
}

interface Frame {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

function pageOf(
  film: FilmSize,
  random: Random,
  frame: Frame,
  skew: number,
  photo: Cutout,
  levels: number,
): Canvas {
  const canvas = createComposeCanvas(film);
  const page = levels * between(random, 0.25, 1);
  const header = random() < 0.6 ? levels * between(random, 0.2, 1) : page;
  const picture = {
    left: between(random, 0.05, 0.5),
    top: between(random, 0.2, 0.4),
    size: between(random, 0.25, 0.45),
  };
  const lines = Array.from({ length: 5 }, () => between(random, 0.2, 0.85));
  const button = between(random, 0.1, 0.6);
  for (let y = 0; y < canvas.height; y += 1) {
    for (let x = 0; x < canvas.width; x += 1) {
      const v = (y - canvas.margin - frame.top) / frame.height;
      const u = (x - canvas.margin - frame.left) / frame.width - skew * v;
      if (u < 0 || v < 0 || u >= 1 || v >= 1) continue;
      let light = v < 0.14 ? header : page;
      const [pu, pv] = [(u - picture.left) / picture.size, (v - picture.top) / picture.size];
      if (pu >= 0 && pv >= 0 && pu < 1 && pv < 1) {
        const at = Math.floor(pv * photo.height) * photo.width + Math.floor(pu * photo.width);
        light = ((photo.luma[at] ?? 128) / 255) * levels;
        const half = (y >> 1) * (canvas.width >> 1) + (x >> 1);
        canvas.cb[half] = ((photo.cb[at] ?? 0) / 255) * levels;
        canvas.cr[half] = ((photo.cr[at] ?? 0) / 255) * levels;
      } else if (v > 0.86 && u > button && u < button + 0.3 && v < 0.96) {
        light = levels;
      } else if (v > 0.2 && v < 0.84) {
        const line = Math.floor((v - 0.2) / 0.128);
        const within = (v - 0.2) / 0.128 - line;
        const isInk = within > 0.35 && within < 0.6 && u > 0.08 && u < (lines[line] ?? 0.5);
        if (isInk && Math.floor(u * 40) % 5 !== 0) light = page * 0.45;
      }
      canvas.luma[y * canvas.width + x] = light;
    }
  }
  return canvas;
}

/** The mirror's light at that time: a page, or one that fades into the next. */
export function mirrorAt(
  { changes }: Mirror,
  atS: number,
): { readonly from: number; readonly to: number; readonly share: number } {
  const index = changes.findLastIndex((change) => change.atS <= atS);
  const change = changes[Math.max(0, index)]!;
  const before = changes[index - 1];
  const share = change.fadeS > 0 ? Math.min(1, (atS - change.atS) / change.fadeS) : 1;
  return before === undefined || share >= 1
    ? { from: change.screen, to: change.screen, share: 1 }
    : { from: before.screen, to: change.screen, share };
}

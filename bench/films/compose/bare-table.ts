import { tableOf } from './fruit.ts';
import { blurred, emptyCutout, loadPhoto } from './picture.ts';
import type { Cutout } from './picture.ts';

/** What photographs show below the edge at the table's back. */
const part = [0, 190, 1024, 578] as const;
const width = 420;
const level = 158;
/** How far colours spread into what fruit always hid, in pixels. */
const spread = 36;

/** The table with nothing on it, from photographs of it with a fruit each, of unlike exposures. */
export async function bareTable(files: readonly string[]): Promise<Cutout> {
  const photos: Cutout[] = [];
  for (const file of files) photos.push(evened(await loadPhoto(file, width, part)));
  const [first] = photos;
  if (first === undefined) throw new Error('There is no photograph of the table.');
  const table = emptyCutout(first.width, first.height);
  const lumas: number[] = [];
  for (let p = 0; p < table.luma.length; p += 1) {
    lumas.length = 0;
    let [blue, red] = [0, 0];
    for (const { luma, cb, cr } of photos) {
      // Fruit has colour, and so has the light that it throws on the table.
      if (Math.hypot(cb[p]!, cr[p]!) > 8) continue;
      lumas.push(luma[p]!);
      blue += cb[p]!;
      red += cr[p]!;
    }
    if (lumas.length < photos.length * 0.4) continue;
    lumas.sort((a, b) => a - b);
    // Above the median: shadows lie about the fruit in most of them.
    table.luma[p] = lumas[Math.floor(lumas.length * 0.7)]!;
    table.cb[p] = blue / lumas.length;
    table.cr[p] = red / lumas.length;
    table.alpha[p] = 1;
  }
  return filled(table);
}

/** The photograph as bright as all others, its table without colour. */
function evened(photo: Cutout): Cutout {
  const table = tableOf(photo);
  for (let p = 0; p < photo.luma.length; p += 1) {
    photo.luma[p] = photo.luma[p]! * (level / table.luma);
    photo.cb[p] = photo.cb[p]! - table.cb;
    photo.cr[p] = photo.cr[p]! - table.cr;
  }
  return photo;
}

/** Where a fruit lay in all photographs, the colours around go on. */
function filled(table: Cutout): Cutout {
  const { height, alpha } = table;
  const weight = blurred(alpha, width, height, spread);
  for (const plane of ['luma', 'cb', 'cr'] as const) {
    const soft = blurred(table[plane], width, height, spread);
    for (let p = 0; p < alpha.length; p += 1) {
      if (alpha[p] === 0) table[plane][p] = soft[p]! / Math.max(1e-4, weight[p]!);
    }
  }
  alpha.fill(1);
  return table;
}

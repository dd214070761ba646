/**
 * Finds what hangs together among the changed pixels. It works on cells of 2×2 pixels joined to their
 * eight neighbours, which bridges gaps of up to three pixels: the parts of one item join, two items a
 * finger apart do not.
 */
export interface Component {
  /** Its number in `labelAt`, from 1. */
  label: number;
  cells: number;
  /** Pixels, inclusive. */
  left: number;
  top: number;
  right: number;
  bottom: number;
  /** Cells of strong change on the picture's border: an arm has many, an item within the tray none. */
  borderCells: number;
}

export interface Components {
  /** Labels cells with `any` weak pixels; returns how many components there are in `list`. */
  find(flags: Uint8Array): number;
  readonly list: readonly Component[];
  /** 0 where nothing changed. */
  labelAt(x: number, y: number): number;
  /** Per cell, row by row, `cellsAcross` a row. */
  readonly labels: Int32Array;
  readonly cellsAcross: number;
  readonly cellsDown: number;
  /** Makes `from` a part of `into`. */
  join(into: Component, from: Component): void;
}

/** Bits of a pixel's flags. */
export const CHANGED = 1;
export const STRONG = 2;
export const MOVED = 4;

const MAX_COMPONENTS = 64;
const MIN_CELLS = 3;

export function createComponents(width: number, height: number): Components {
  const cellsAcross = (width + 1) >> 1;
  const cellsDown = (height + 1) >> 1;
  const cellCount = cellsAcross * cellsDown;
  const labels = new Int32Array(cellCount);
  const parents = new Int32Array(cellCount + 1);
  const sizes = new Int32Array(cellCount + 1);
  const numbers = new Int32Array(cellCount + 1);
  const strong = new Uint8Array(cellCount);
  const list: Component[] = [];
  for (let i = 0; i < MAX_COMPONENTS; i++) {
    list.push({ label: 0, cells: 0, left: 0, top: 0, right: 0, bottom: 0, borderCells: 0 });
  }

  function root(label: number): number {
    let r = label;
    while (parents[r] !== r) {
      parents[r] = parents[parents[r]!]!;
      r = parents[r]!;
    }
    return r;
  }

  function find(flags: Uint8Array): number {
    let next = 1;
    for (let cy = 0; cy < cellsDown; cy++) {
      const y = cy * 2;
      const lower = Math.min(height - 1, y + 1) * width;
      for (let cx = 0; cx < cellsAcross; cx++) {
        const x = cx * 2;
        const x2 = Math.min(width - 1, x + 1);
        const a = flags[y * width + x]!;
        const b = flags[y * width + x2]!;
        const c = flags[lower + x]!;
        const d = flags[lower + x2]!;
        const cell = cy * cellsAcross + cx;
        const isStrong = ((a | b | c | d) & STRONG) !== 0;
        const weak = (a & CHANGED) + (b & CHANGED) + (c & CHANGED) + (d & CHANGED);
        strong[cell] = isStrong ? 1 : 0;
        // One weak pixel alone is mostly noise.
        if (!isStrong && weak < 2) {
          labels[cell] = 0;
          continue;
        }
        let label = 0;
        if (cx > 0) label = labels[cell - 1]!;
        if (cy > 0) {
          const up = cell - cellsAcross;
          label = merge(label, labels[up]!);
          if (cx > 0) label = merge(label, labels[up - 1]!);
          if (cx + 1 < cellsAcross) label = merge(label, labels[up + 1]!);
        }
        if (label === 0) {
          label = next++;
          parents[label] = label;
          sizes[label] = 0;
        }
        labels[cell] = label;
        sizes[label] = sizes[label]! + 1;
      }
    }
    for (let label = 1; label < next; label++) {
      const r = root(label);
      if (r !== label) sizes[r] = sizes[r]! + sizes[label]!;
    }
    return number(next);
  }

  function merge(a: number, b: number): number {
    if (a === 0) return b;
    if (b === 0 || a === b) return a;
    const ra = root(a);
    const rb = root(b);
    if (ra === rb) return ra;
    const low = Math.min(ra, rb);
    parents[Math.max(ra, rb)] = low;
    return low;
  }

  /** Gives the components of some size numbers from 1 and measures them. */
  function number(next: number): number {
    let count = 0;
    for (let label = 1; label < next; label++) {
      numbers[label] = 0;
      if (parents[label] !== label || sizes[label]! < MIN_CELLS || count === MAX_COMPONENTS)
        continue;
      const component = list[count]!;
      component.label = ++count;
      component.cells = 0;
      component.left = width;
      component.top = height;
      component.right = -1;
      component.bottom = -1;
      component.borderCells = 0;
      numbers[label] = count;
    }
    for (let cy = 0, cell = 0; cy < cellsDown; cy++) {
      for (let cx = 0; cx < cellsAcross; cx++, cell++) {
        const label = labels[cell]!;
        if (label === 0) continue;
        const n = numbers[root(label)]!;
        labels[cell] = n;
        if (n === 0) continue;
        const component = list[n - 1]!;
        component.cells++;
        if (cx * 2 < component.left) component.left = cx * 2;
        if (cx * 2 + 1 > component.right) component.right = Math.min(width - 1, cx * 2 + 1);
        if (cy * 2 < component.top) component.top = cy * 2;
        if (cy * 2 + 1 > component.bottom) component.bottom = Math.min(height - 1, cy * 2 + 1);
        const onBorder = cx === 0 || cy === 0 || cx === cellsAcross - 1 || cy === cellsDown - 1;
        if (onBorder && strong[cell] === 1) component.borderCells++;
      }
    }
    return count;
  }

  function join(into: Component, from: Component): void {
    for (let cy = from.top >> 1; cy <= from.bottom >> 1; cy++) {
      for (let cx = from.left >> 1; cx <= from.right >> 1; cx++) {
        const cell = cy * cellsAcross + cx;
        if (labels[cell] === from.label) labels[cell] = into.label;
      }
    }
    into.cells += from.cells;
    into.left = Math.min(into.left, from.left);
    into.top = Math.min(into.top, from.top);
    into.right = Math.max(into.right, from.right);
    into.bottom = Math.max(into.bottom, from.bottom);
    into.borderCells += from.borderCells;
    from.cells = 0;
  }

  return {
    find,
    list,
    labelAt: (x, y) => labels[(y >> 1) * cellsAcross + (x >> 1)]!,
    labels,
    cellsAcross,
    cellsDown,
    join,
  };
}

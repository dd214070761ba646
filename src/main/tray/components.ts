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
  /** Differs by soft light alone. */
  isLight: boolean;
}

export interface Components {
  /**
   * Labels cells with `any` weak pixels; returns how many components there are in `list`. Cells with
   * soft light, 1 in `isLight`, join only one another.
   */
  find(flags: Uint8Array, isLight: Uint8Array): number;
  readonly list: readonly Component[];
  /** 0 where nothing changed. */
  labelAt(x: number, y: number): number;
  /** Per cell, row by row, `cellsAcross` a row. */
  readonly labels: Int32Array;
  /** Row by row, the cells that have a label or are too few for one; so many as `changedCells` tells. */
  readonly changed: Int32Array;
  readonly changedCells: () => number;
  /** 1 for cells that were accepted since the last labels, for whoever keeps their past. */
  readonly accepted: Uint8Array;
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
  const changed = new Int32Array(cellCount);
  const accepted = new Uint8Array(cellCount);
  let changedCells = 0;
  const list: Component[] = [];
  for (let i = 0; i < MAX_COMPONENTS; i++) {
    list.push({
      label: 0,
      cells: 0,
      left: 0,
      top: 0,
      right: 0,
      bottom: 0,
      borderCells: 0,
      isLight: false,
    });
  }

  function root(label: number): number {
    let r = label;
    while (parents[r] !== r) {
      parents[r] = parents[parents[r]!]!;
      r = parents[r]!;
    }
    return r;
  }

  function find(flags: Uint8Array, isLight: Uint8Array): number {
    const across = width;
    const cells = cellsAcross;
    const any = CHANGED | STRONG;
    let next = 1;
    let n = 0;
    for (let cy = 0, cell = 0; cy < cellsDown; cy++) {
      const upper = cy * 2 * across;
      const lower = Math.min(height - 1, cy * 2 + 1) * across;
      for (let cx = 0; cx < cells; cx++, cell++) {
        const x = cx * 2;
        const x2 = x + 1 < across ? x + 1 : x;
        const a = flags[upper + x]!;
        const b = flags[upper + x2]!;
        const c = flags[lower + x]!;
        const d = flags[lower + x2]!;
        const all = a | b | c | d;
        labels[cell] = 0;
        if ((all & any) === 0) continue;
        const isStrong = (all & STRONG) !== 0;
        const weak = (a & CHANGED) + (b & CHANGED) + (c & CHANGED) + (d & CHANGED);
        // One weak pixel alone is mostly noise.
        if (!isStrong && weak < 2) continue;
        strong[cell] = isStrong ? 1 : 0;
        changed[n++] = cell;
        let label = 0;
        const kind = isLight[cell]!;
        if (cx > 0 && isLight[cell - 1] === kind) label = labels[cell - 1]!;
        if (cy > 0) {
          const up = cell - cells;
          if (isLight[up] === kind) label = merge(label, labels[up]!);
          if (cx > 0 && isLight[up - 1] === kind) label = merge(label, labels[up - 1]!);
          if (cx + 1 < cells && isLight[up + 1] === kind) label = merge(label, labels[up + 1]!);
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
    changedCells = n;
    for (let label = 1; label < next; label++) {
      const r = root(label);
      if (r !== label) sizes[r] = sizes[r]! + sizes[label]!;
    }
    return number(next, isLight);
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
  function number(next: number, isLight: Uint8Array): number {
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
    const across = cellsAcross;
    for (let i = 0; i < changedCells; i++) {
      const cell = changed[i]!;
      const n = numbers[root(labels[cell]!)]!;
      labels[cell] = n;
      if (n === 0) continue;
      const cy = Math.floor(cell / across);
      const cx = cell - cy * across;
      const component = list[n - 1]!;
      component.cells++;
      component.isLight = isLight[cell] === 1;
      if (cx * 2 < component.left) component.left = cx * 2;
      if (cx * 2 + 1 > component.right) component.right = Math.min(width - 1, cx * 2 + 1);
      if (cy * 2 < component.top) component.top = cy * 2;
      if (cy * 2 + 1 > component.bottom) component.bottom = Math.min(height - 1, cy * 2 + 1);
      const onBorder = cx === 0 || cy === 0 || cx === across - 1 || cy === cellsDown - 1;
      if (onBorder && strong[cell] === 1) component.borderCells++;
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
    changed,
    changedCells: () => changedCells,
    accepted,
    cellsAcross,
    cellsDown,
    join,
  };
}

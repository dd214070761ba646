/** Numbers from 0 up to 1, the same ones for the same seed. */
export type Random = () => number;

export function between(random: Random, from: number, to: number): number {
  return from + (to - from) * random();
}

export function pick<T>(random: Random, from: readonly T[]): T {
  const one = from[Math.floor(random() * from.length)];
  if (one === undefined) throw new Error('There is nothing to pick from.');
  return one;
}

/** A normal deviate by Box and Muller. */
export function gaussian(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Value noise of several octaves, 0 to 1 with a mean of about a half; it repeats after `width`×`height`. */
export function smoothNoise(
  random: Random,
  width: number,
  height: number,
  octaves: number,
): (x: number, y: number) => number {
  const grid = Float32Array.from({ length: width * height }, () => random());
  const at = (x: number, y: number): number => {
    const column = Math.floor(x);
    const row = Math.floor(y);
    const [fx, fy] = [smooth(x - column), smooth(y - row)];
    const x0 = modulo(column, width);
    const x1 = modulo(column + 1, width);
    const y0 = modulo(row, height) * width;
    const y1 = modulo(row + 1, height) * width;
    const upper = grid[y0 + x0]! * (1 - fx) + grid[y0 + x1]! * fx;
    const lower = grid[y1 + x0]! * (1 - fx) + grid[y1 + x1]! * fx;
    return upper * (1 - fy) + lower * fy;
  };
  return (x, y) => {
    let [sum, weight, total, frequency] = [0, 1, 0, 1];
    for (let octave = 0; octave < octaves; octave += 1) {
      sum += weight * at(x * frequency + 17 * octave, y * frequency + 31 * octave);
      total += weight;
      weight /= 2;
      frequency *= 2;
    }
    return sum / total;
  };
}

function smooth(share: number): number {
  return share * share * (3 - 2 * share);
}

function modulo(value: number, by: number): number {
  return ((value % by) + by) % by;
}

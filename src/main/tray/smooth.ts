/** Smooths with the 3×3 binomial kernel, which leaves 3/8 of white noise; edges repeat their pixel. */
export function smooth(
  grey: Uint8Array,
  width: number,
  height: number,
  scratch: Float32Array,
  out: Float32Array,
): void {
  for (let y = 0; y < height; y++) {
    const row = y * width;
    const last = row + width - 1;
    scratch[row] = (3 * grey[row]! + grey[row + 1]!) * 0.25;
    for (let i = row + 1; i < last; i++) {
      scratch[i] = (grey[i - 1]! + 2 * grey[i]! + grey[i + 1]!) * 0.25;
    }
    scratch[last] = (grey[last - 1]! + 3 * grey[last]!) * 0.25;
  }
  for (let y = 0; y < height; y++) {
    const row = y * width;
    const above = y === 0 ? row : row - width;
    const below = y === height - 1 ? row : row + width;
    for (let x = 0; x < width; x++) {
      out[row + x] = (scratch[above + x]! + 2 * scratch[row + x]! + scratch[below + x]!) * 0.25;
    }
  }
}

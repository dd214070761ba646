/** Makes a function that smooths with the 3×3 binomial kernel, which leaves 3/8 of white noise. */
export function createSmooth(
  width: number,
  height: number,
): (grey: Uint8Array, out: Float32Array) => void {
  /** Each row smoothed along itself, times 4. */
  const along = new Uint16Array(width * height);

  return (grey, out) => {
    for (let y = 0; y < height; y++) {
      const last = (y + 1) * width - 1;
      let before = grey[y * width]!;
      let here = before;
      for (let p = y * width; p < last; p++) {
        const after = grey[p + 1]!;
        along[p] = before + 2 * here + after;
        before = here;
        here = after;
      }
      along[last] = before + 3 * here;
    }
    for (let y = 0; y < height; y++) {
      const row = y * width;
      const above = y === 0 ? 0 : -width;
      const below = y === height - 1 ? 0 : width;
      for (let p = row; p < row + width; p++) {
        out[p] = (along[p + above]! + 2 * along[p]! + along[p + below]!) * 0.0625;
      }
    }
  };
}

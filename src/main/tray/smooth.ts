/** Makes a function that smooths with the 3×3 binomial kernel, which leaves 3/8 of white noise. */
export function createSmooth(
  width: number,
  height: number,
): (grey: Uint8Array, out: Float32Array) => void {
  return (grey, out) => {
    // Constants of its own, as for `takePicture`.
    const across = width;
    const down = height;
    for (let y = 0; y < down; y++) {
      const row = y * across;
      const last = row + across - 1;
      const above = y === 0 ? 0 : -across;
      const below = y === down - 1 ? 0 : across;
      // Three pixels, one above another, each; whole numbers, and so exact.
      let here = grey[row + above]! + 2 * grey[row]! + grey[row + below]!;
      let before = here;
      for (let p = row; p < last; p++) {
        const next = p + 1;
        const after = grey[next + above]! + 2 * grey[next]! + grey[next + below]!;
        out[p] = (before + 2 * here + after) * 0.0625;
        before = here;
        here = after;
      }
      out[last] = (before + 3 * here) * 0.0625;
    }
  };
}

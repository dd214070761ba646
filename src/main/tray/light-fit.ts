/**
 * How the light and the camera differ from the accepted picture:
 *
 *   seen(p) ≈ gain(p) · accepted(p − shift) + offset
 *
 * `gain` is a quadratic in the picture's coordinates (a lamp dimmed, a cloud, a lamp on one side, auto
 * exposure, vignetting), `shift` a movement of the camera of a few pixels. The nine numbers are fitted
 * by least squares with robust weights to a sparse grid of pixels, starting from the last picture's
 * answer, so that hands and new items are outliers. When the start fits badly (a lamp switched, a
 * camera back after a pause), the commonest ratio and the best whole-pixel shift start it anew.
 */
export interface LightFit {
  /** Coefficients of 1, x, y, xx, yy, xy; x and y run from −1 to 1 over the picture. */
  readonly gain: Float64Array;
  /** Of the places that tell the light: elsewhere, as where all is clipped, it is no other. */
  readonly leastGain: number;
  readonly mostGain: number;
  readonly offset: number;
  readonly shiftX: number;
  readonly shiftY: number;
  /** Part of the grid that the fit explains, 0 to 1. */
  readonly inliers: number;
}

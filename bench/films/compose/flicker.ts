import type { Flicker } from './camera.ts';

const phases = 512;

/**
 * A lamp's light by its phase as a picture shows it, from -1 to 1 about its mean: while the shutter is
 * open the light adds up, and so sharp waves become round. Lamps shine twice in a mains period.
 */
export function lampWave(flicker: Flicker, exposureS: number): Float32Array {
  const periodS = 1 / (2 * flicker.mainsHz);
  const light = (phase: number): number =>
    flicker.wave === 'sine'
      ? Math.sin(2 * Math.PI * phase)
      : Math.abs(Math.sin(Math.PI * phase)) - 2 / Math.PI;
  const samples = 64;
  const wave = Float32Array.from({ length: phases }, (_, index) => {
    let sum = 0;
    for (let sample = 0; sample < samples; sample += 1) {
      sum += light(index / phases + ((sample + 0.5) / samples) * (exposureS / periodS));
    }
    return sum / samples;
  });
  const highest = Math.max(...wave);
  const lowest = Math.min(...wave);
  const [middle, half] = [(highest + lowest) / 2, (highest - lowest) / 2];
  // An exposure of whole periods shows nothing of it.
  return half < 1e-6 ? wave.fill(0) : wave.map((value) => (value - middle) / half);
}

/** The lamp's phase, 0 to 1, when a line is read of a picture that begins at that time. */
export function phaseAt(flicker: Flicker, atS: number, lineDelayS: number): number {
  const turns = 2 * flicker.mainsHz * (atS + lineDelayS) + flicker.phase;
  return turns - Math.floor(turns);
}

/** Writes the factor on each line's light; lines are rows, or columns of a turned camera. */
export function bandGains(
  flicker: Flicker,
  wave: Float32Array,
  atS: number,
  readoutS: number,
  gains: Float32Array,
): void {
  for (let line = 0; line < gains.length; line += 1) {
    const phase = phaseAt(flicker, atS, (readoutS * line) / gains.length) * phases;
    const index = Math.floor(phase);
    const share = phase - index;
    const value = wave[index % phases]! * (1 - share) + wave[(index + 1) % phases]! * share;
    gains[line] = gains[line]! * (1 + flicker.depth * value);
  }
}

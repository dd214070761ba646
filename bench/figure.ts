/** One measured number; a bench prints it as one JSON line. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit:
    'ms' | 'fps' | 'per second' | 'MB' | '%' | 'count' | 'ratio' | 'pictures' | 'items' | 'events';
  /** Under which conditions it was measured. */
  readonly note: string;
}

/** The value below which the given share (0 to 1) of the samples lie; NaN without samples. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export function figure(name: string, value: number, unit: Figure['unit'], note: string): Figure {
  return { name, value: Number(value.toPrecision(4)), unit, note };
}

/** p50 and p95 of the samples as two figures. */
export function spread(
  name: string,
  unit: Figure['unit'],
  note: string,
  samples: readonly number[],
): readonly Figure[] {
  return [
    figure(`${name} p50`, percentile(samples, 0.5), unit, note),
    figure(`${name} p95`, percentile(samples, 0.95), unit, note),
  ];
}

type Labels = Readonly<Record<string, string>>;
type Sample = readonly [labels: Labels, value: number];

export interface Counter {
  readonly add: (labels: Labels) => void;
}
export interface Histogram {
  readonly observe: (labels: Labels, value: number) => void;
}

/** Numbers in Prometheus' text format, version 0.0.4. */
export interface Metrics {
  readonly counter: (name: string, help: string) => Counter;
  /** Read each time that somebody asks; many where it has labels. */
  readonly gauge: (name: string, help: string, read: () => number | readonly Sample[]) => void;
  /** `bounds` ascend. */
  readonly histogram: (name: string, help: string, bounds: readonly number[]) => Histogram;
  readonly render: () => string;
}

export const metricsContentType = 'text/plain; version=0.0.4; charset=utf-8';

export function createMetrics(): Metrics {
  const families: (() => string)[] = [];
  const family = (name: string, type: string, help: string, samples: () => readonly string[]) =>
    families.push(() =>
      [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...samples(), ''].join('\n'),
    );

  return {
    counter(name, help) {
      const values = new Map<string, number>();
      family(name, 'counter', help, () =>
        [...values].map(([labels, value]) => `${name}${labels} ${value}`),
      );
      return {
        add(labels) {
          const key = labelText(labels);
          values.set(key, (values.get(key) ?? 0) + 1);
        },
      };
    },
    gauge(name, help, read) {
      family(name, 'gauge', help, () => {
        const found = read();
        const samples: readonly Sample[] = typeof found === 'number' ? [[{}, found]] : found;
        return samples.map(([labels, value]) => `${name}${labelText(labels)} ${value}`);
      });
    },
    histogram(name, help, bounds) {
      const series = new Map<string, { labels: Labels; counts: number[]; sum: number }>();
      family(name, 'histogram', help, () =>
        [...series.values()].flatMap(({ labels, counts, sum }) => {
          const total = counts.at(-1) ?? 0;
          const steps = [...bounds.map(String), '+Inf'].map(
            (le, index) => `${name}_bucket${labelText({ ...labels, le })} ${counts[index] ?? 0}`,
          );
          const text = labelText(labels);
          return [...steps, `${name}_sum${text} ${sum}`, `${name}_count${text} ${total}`];
        }),
      );
      return {
        observe(labels, value) {
          const key = labelText(labels);
          const one = series.get(key) ?? {
            labels,
            counts: Array.from({ length: bounds.length + 1 }, () => 0),
            sum: 0,
          };
          series.set(key, one);
          one.sum += value;
          // Each step counts all below it, so that no sum is needed when somebody asks.
          [...bounds, Number.POSITIVE_INFINITY].forEach((bound, index) => {
            if (value <= bound) one.counts[index] = (one.counts[index] ?? 0) + 1;
          });
        },
      };
    },
    render: () => families.map((text) => text()).join(''),
  };
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return pairs.length > 0 ? `{${pairs.join(',')}}` : '';
}

import { Gauge } from 'prom-client';
import type { Registry } from 'prom-client';

/** A number that is looked up each time somebody asks for all of them. */
export function addGauge(metrics: Registry, name: string, help: string, read: () => number): Gauge {
  const gauge: Gauge = new Gauge({
    ...{ name, help, registers: [metrics] },
    collect: () => gauge.set(read()),
  });
  return gauge;
}

import { fileURLToPath } from 'node:url';

import { fuzzEngine } from '../src/engine/testing/fuzz.ts';
import { figure } from './figure.ts';
import type { Figure } from './figure.ts';

const runs = 1_000;

/** Malformed requests of every kind to an engine: what it makes of them, and what they cost. */
export async function benchMalformed(): Promise<Figure[]> {
  const seed = Number(process.env['FRESHLANE_FUZZ_SEED'] ?? Date.now() % 1_000_000);
  const note = `${runs} requests, 4 at a time, seed ${seed}`;
  const { answers, faults, slowestMs, residentBytesBefore, residentBytesMost } = await fuzzEngine(
    runs,
    seed,
  );
  for (const fault of faults) process.stderr.write(`${String(fault)}\n`);
  for (const [kind, times] of [...answers].toSorted()) {
    process.stderr.write(`${kind}: ${times}\n`);
  }
  const growthMb = (residentBytesMost - residentBytesBefore) / 1024 / 1024;
  return [
    figure('engine malformed requests with a fault', faults.length, 'count', note),
    figure('engine malformed request, slowest', slowestMs, 'ms', note),
    figure('engine memory over malformed requests', growthMb, 'MB', `${note}; most over the start`),
  ];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const one of await benchMalformed()) process.stdout.write(`${JSON.stringify(one)}\n`);
}

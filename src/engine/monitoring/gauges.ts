import { Gauge } from 'prom-client';
import type { Registry } from 'prom-client';

import { addGauge } from './add-gauge.ts';
import { freeBytes } from './health.ts';
import { limits } from '../domain/limits.ts';
import { watchRecentDelays } from './recent-delays.ts';
import type { Store } from '../store/store.ts';

interface Gauged {
  readonly store: Store;
  readonly waiting: () => number;
  readonly damaged: () => number;
  readonly dataDir: string;
}

/** Numbers about the process and what it stands on. Gives what ends the measuring. */
export function addGauges(
  metrics: Registry,
  { store, waiting, damaged, dataDir }: Gauged,
): () => void {
  const delays = watchRecentDelays(limits.delayWindowMs);
  let free = 0;
  const lookAtDisk = async (): Promise<void> => {
    free = (await freeBytes(dataDir)) ?? 0;
  };
  void lookAtDisk();
  const timer = setInterval(() => void lookAtDisk(), limits.healthKeptMs);
  timer.unref();
  const gauge = (name: string, help: string, read: () => number): Gauge =>
    addGauge(metrics, name, help, read);
  gauge('freshlane_predictions_waiting', 'Pictures that wait for their turn.', waiting);
  gauge(
    'freshlane_trainings_unfinished',
    'Trainings that run or wait.',
    () => store.iterations.unfinished().length,
  );
  gauge('freshlane_photos_damaged', 'Photos that are damaged or gone.', damaged);
  gauge('freshlane_disk_free_bytes', 'Room on the disk of the data folder.', () => free);
  gauge('process_resident_memory_bytes', 'Memory of the process.', () => process.memoryUsage.rss());
  gauge('process_start_time_seconds', 'When it began, since 1970.', () =>
    Math.round((Date.now() - process.uptime() * 1000) / 1000),
  );
  gauge('process_cpu_seconds', 'Processor time so far.', () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  });
  const lateness: Gauge<'quantile'> = new Gauge({
    name: 'nodejs_eventloop_delay_seconds',
    help: 'By how much timers came late in the last minute or less.',
    labelNames: ['quantile'],
    registers: [metrics],
    collect: () => {
      for (const quantile of [0.5, 0.99, 1]) lateness.set({ quantile }, delays.seconds(quantile));
    },
  });
  return () => {
    clearInterval(timer);
    delays.stop();
  };
}

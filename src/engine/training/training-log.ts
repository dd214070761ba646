import type { LogEvent } from '../../shared/log.ts';
import type { TrainingEvent } from './training-queue.ts';

/** What a log tells of a training: when it begins and ends, not how far it is. */
export function trainingLog(event: TrainingEvent): readonly LogEvent[] {
  if (event.kind === 'progress') return [];
  const { kind, ...details } = event;
  return [{ level: kind === 'failed' ? 'warn' : 'info', event: `training-${kind}`, ...details }];
}

import { createLog } from '../log.ts';
import type { Log, LogEvent } from '../log.ts';

/** A log whose events a test can look at. */
export function keptLog(): { readonly log: Log; readonly events: readonly LogEvent[] } {
  const events: LogEvent[] = [];
  return { log: createLog((event) => events.push(event)), events };
}

import type { LogEvent } from '../../shared/log.ts';

/** A fault's message and where it came from. */
export function faultEvent(error: unknown): LogEvent {
  return {
    level: 'error',
    event: 'fault',
    message: error instanceof Error ? error.message : String(error),
    ...(error instanceof Error && error.stack !== undefined && { stack: error.stack }),
  };
}

import { messageText, stackText } from '../../shared/error-text.ts';
import type { LogEvent } from '../../shared/log.ts';

/** A fault's message and where it came from, each with its causes. */
export function faultEvent(error: unknown): LogEvent {
  return {
    level: 'error',
    event: 'fault',
    message: messageText(error),
    ...(error instanceof Error && error.stack !== undefined && { stack: stackText(error) }),
  };
}

/** Something that happened. It holds no key, no picture and no query of a request. */
export interface LogEvent {
  readonly level: 'info' | 'warn' | 'error';
  readonly event: string;
  readonly [detail: string]: unknown;
}

export type LogWriter = (event: LogEvent) => void;

/** A fault's message and where it came from. */
export function faultEvent(error: unknown): LogEvent {
  return {
    level: 'error',
    event: 'fault',
    message: error instanceof Error ? error.message : String(error),
    ...(error instanceof Error && error.stack !== undefined && { stack: error.stack }),
  };
}

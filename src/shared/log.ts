export type LogLevel = 'info' | 'warn' | 'error';

/** Something that happened, for whoever looks after it. It holds no key, no picture and no PIN. */
export interface LogEvent {
  readonly level: LogLevel;
  readonly event: string;
  readonly [detail: string]: unknown;
}

export type LogWriter = (event: LogEvent) => void;

/** What an event tells besides; the line has its time, level and name already. */
export interface LogDetails {
  readonly time?: never;
  readonly level?: never;
  readonly event?: never;
  readonly [detail: string]: unknown;
}

type Say = (event: string, details?: LogDetails) => void;

export interface Log {
  /** All is well. */
  readonly info: Say;
  /** It goes on, but less well, or something was refused. */
  readonly warn: Say;
  /** Something broke. */
  readonly error: Say;
}

export function createLog(write: LogWriter): Log {
  const at =
    (level: LogLevel): Say =>
    (event, details) =>
      write({ level, event, ...details });
  return { info: at('info'), warn: at('warn'), error: at('error') };
}

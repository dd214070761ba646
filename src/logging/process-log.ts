import type { Writable } from 'node:stream';

import { logLine } from '../shared/log-line.ts';
import type { LogEvent, LogWriter } from '../shared/log.ts';
import { openLogFile } from './log-file.ts';
import type { LogFile } from './log-file.ts';

/** A process's log: printed from the start, and in a file as soon as it is known where. */
export interface ProcessLog {
  readonly write: LogWriter;
  readonly toFile: (path: string) => void;
  /** Writes the last event, in this thread, for a process that ends at once: none comes behind it. */
  readonly end: (event: LogEvent) => void;
  /** As `LogFile.close`. */
  readonly close: () => Promise<void>;
}

interface Printers {
  readonly print: (line: string) => void;
  /** Gets the one line that says that the file cannot be written; `print` where it is not given. */
  readonly complain?: (line: string) => void;
}

export function createProcessLog({ print, complain = print }: Printers): ProcessLog {
  let file: LogFile | null = null;
  let hasEnded = false;
  return {
    write: (event) => {
      if (hasEnded) return;
      const line = logLine(event, new Date());
      print(line);
      file?.write(line);
    },
    toFile: (path) => {
      const failed = { level: 'error', event: 'log-file-failed', file: path } as const;
      file = openLogFile(path, {
        onTrouble: (error) => complain(logLine({ ...failed, error: String(error) }, new Date())),
        lostLine,
      });
    },
    end: (event) => {
      if (hasEnded) return;
      hasEnded = true;
      const line = logLine(event, new Date());
      print(line);
      file?.writeRest(line);
    },
    close: async () => file?.close(),
  };
}

/** What waits for a terminal or a pipe that nobody reads. */
const unreadMostBytes = 1024 * 1024;

/** Prints lines as long as they are read, and says how many were not printed. */
export function printerTo(stream: Writable): (line: string) => void {
  let lost = 0;
  return (line) => {
    if (stream.writableLength > unreadMostBytes) {
      lost += 1;
      return;
    }
    if (lost > 0) stream.write(lostLine(lost));
    lost = 0;
    stream.write(line);
  };
}

function lostLine(count: number): string {
  return logLine({ level: 'warn', event: 'log-lines-lost', count }, new Date());
}

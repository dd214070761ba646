import { appendFileSync, renameSync, rmSync, statSync } from 'node:fs';

import type { LogEvent, LogWriter } from '../domain/log-event.ts';

/** One JSON line an event, its time first. */
export function logLine(event: LogEvent, now: Date = new Date()): string {
  return `${JSON.stringify({ time: now.toISOString(), ...event })}\n`;
}

export interface LogFileOptions {
  readonly bytes: number;
  /** Older ones beside the current one, as `FILE.1`, `FILE.2`, … */
  readonly older: number;
  readonly now?: () => Date;
}

/**
 * Appends to the file, which makes way for a new one when it is full. What cannot be written is
 * lost: a full disk must not end the engine.
 */
export function createLogFile(
  path: string,
  { bytes, older, now = () => new Date() }: LogFileOptions,
): LogWriter {
  // Fails at the start where the path cannot be written at all.
  appendFileSync(path, '', { mode: 0o600 });
  let size = statSync(path).size;
  return (event) => {
    const line = logLine(event, now());
    try {
      if (size > 0 && size + line.length > bytes) {
        rotate(path, older);
        size = 0;
      }
      appendFileSync(path, line, { mode: 0o600 });
      size += line.length;
    } catch {
      size = 0;
    }
  };
}

function rotate(path: string, older: number): void {
  rmSync(`${path}.${older}`, { force: true });
  for (let number = older - 1; number >= 1; number -= 1)
    move(`${path}.${number}`, `${path}.${number + 1}`);
  move(path, `${path}.1`);
}

function move(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
}

/** Writes one line of JSON an entry to standard error: no pictures, no keys, nothing of a shopper. */
export type Log = (event: string, details?: Readonly<Record<string, unknown>>) => void;

export function createLog(write: (line: string) => void, nowMs: () => number): Log {
  return (event, details = {}) =>
    write(`${JSON.stringify({ at: new Date(nowMs()).toISOString(), log: event, ...details })}\n`);
}

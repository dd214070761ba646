import { writeSync } from 'node:fs';

/** How long to wait for whoever reads slowly. */
const retryMs = 5;

/**
 * Writes to a stream of this process and waits until it is taken, so that nothing gathers in memory;
 * false where the reader has gone, as in `… | head`.
 */
function writeOut(handle: 1 | 2, text: string): boolean {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length;) {
    try {
      at += writeSync(handle, bytes, at);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      if (code === 'EPIPE') return false;
      if (code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, retryMs);
    }
  }
  return true;
}

/** The output of a command on the streams of this process. */
export const processOutput = {
  out: (text: string): boolean => writeOut(1, text),
  err: (text: string): void => void writeOut(2, text),
};

import { connect } from 'node:net';

export interface RawAnswer {
  /** Undefined where the connection was closed without an answer. */
  readonly status: number | undefined;
  readonly tookMs: number;
}

/**
 * Sends bytes as they are, then closes this side, and waits until the other has closed its own.
 * @throws Error where that takes longer than the limit.
 */
export async function sendRaw(
  endpoint: string,
  bytes: Buffer,
  limitMs: number,
): Promise<RawAnswer> {
  const { hostname, port } = new URL(endpoint);
  const startedMs = performance.now();
  return new Promise((resolve, reject) => {
    const socket = connect({ port: Number(port), host: hostname });
    let answer = '';
    const timer = setTimeout(() => {
      reject(new Error(`There was no end of it after ${limitMs} ms: ${bytes.subarray(0, 400)}`));
      socket.destroy();
    }, limitMs);
    socket.on('data', (chunk) => {
      if (answer.length < 64) answer += chunk.toString('latin1');
    });
    // The other side may hang up while it is still being sent to.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearTimeout(timer);
      const status = /^HTTP\/1\.1 (?:100 [^]*?HTTP\/1\.1 )?(\d{3})/.exec(answer)?.[1];
      const tookMs = performance.now() - startedMs;
      resolve({ status: status === undefined ? undefined : Number(status), tookMs });
    });
    socket.end(bytes);
  });
}

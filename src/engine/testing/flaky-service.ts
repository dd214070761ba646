import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Trouble {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** The connection ends in the midst of the answer. */
  readonly isTorn?: boolean;
}

export interface FlakyService {
  readonly endpoint: string;
  /** Paths that were asked for, in their order. */
  readonly paths: readonly string[];
  readonly close: () => void;
}

/** Stands before an engine and passes on what no trouble comes to. */
export async function startFlakyService(
  target: string,
  troubleFor: (path: string, count: number) => Trouble | undefined,
): Promise<FlakyService> {
  const paths: string[] = [];
  const server = createServer((incoming, outgoing) => {
    const path = incoming.url ?? '';
    const trouble = troubleFor(path, paths.push(path));
    if (trouble && !trouble.isTorn) {
      outgoing.writeHead(trouble.status ?? 500, trouble.headers).end('{"code":"x","message":"y"}');
      return;
    }
    const { method, headers } = incoming;
    const onward = request(`${target}${path}`, { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
      if (!trouble) {
        answer.pipe(outgoing);
        return;
      }
      answer.once('data', (chunk: Buffer) => {
        outgoing.write(chunk.subarray(0, 5), () => outgoing.destroy());
        onward.destroy();
      });
    });
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    paths,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

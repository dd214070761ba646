import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

/** A request as a server sees it, its body read to the end. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export type Script = (request: SeenRequest, response: ServerResponse) => void;

export interface ScriptedServer {
  readonly endpoint: string;
  readonly requests: readonly SeenRequest[];
  readonly connectionCount: number;
  /** What is done from the next request on. */
  play(script: Script): void;
  close(): Promise<void>;
}

/** A server on a free port of the loopback that answers as it is told: well, badly or not at all. */
export async function openScriptedServer(
  first: Script,
  tls?: { readonly key: string; readonly cert: string },
): Promise<ScriptedServer> {
  let script = first;
  let connectionCount = 0;
  const requests: SeenRequest[] = [];
  const server = tls ? createTlsServer(tls) : createServer();
  server.on('connection', () => (connectionCount += 1));
  server.on('request', (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const seen: SeenRequest = {
        method: request.method ?? '',
        path: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(chunks),
      };
      requests.push(seen);
      script(seen, response);
    });
    // A client that goes away in the middle is part of the play.
    request.on('error', () => {});
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    requests,
    get connectionCount() {
      return connectionCount;
    },
    play(next) {
      script = next;
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

export function replyWith(
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = { 'content-type': 'application/json' },
): Script {
  return (_request, response) => {
    response.writeHead(status, headers).end(body);
  };
}

/** The service's own form of an error. */
export function refuseWith(
  status: number,
  code: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): Script {
  return replyWith(status, JSON.stringify({ code, message }), {
    'content-type': 'application/json; charset=utf-8',
    ...headers,
  });
}

/** An answer of the service for tags and probabilities. */
export function answerWith(probabilities: Readonly<Record<string, number>>): Script {
  const predictions = Object.entries(probabilities).map(([tagName, probability], index) => ({
    probability,
    tagId: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
    tagName,
    tagType: 'Regular',
  }));
  return replyWith(
    200,
    JSON.stringify({
      id: '11111111-1111-4111-8111-111111111111',
      project: '22222222-2222-4222-8222-222222222222',
      iteration: '33333333-3333-4333-8333-333333333333',
      created: '2026-01-02T03:04:05.678Z',
      predictions,
    }),
  );
}

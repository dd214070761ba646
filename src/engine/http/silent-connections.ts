import type { Socket } from 'node:net';

import type { FastifyInstance, FastifyRequest } from 'fastify';

/**
 * Hangs up on connections on which nothing moves, such as of a client that does not read its answer;
 * but not on one that waits for it: a batch may stand in line for minutes, and would be taken in
 * although its client was told nothing.
 */
export function hangUpOnSilent(app: FastifyInstance, silentMs: number): void {
  const waiting = new WeakMap<Socket, Set<FastifyRequest>>();
  app.addHook('onRequest', async (request) => {
    const { socket } = request.raw;
    waiting.set(socket, (waiting.get(socket) ?? new Set()).add(request));
  });
  app.addHook('onSend', async (request) => void waiting.get(request.raw.socket)?.delete(request));
  app.server.setTimeout(silentMs, (socket) => {
    if (!waiting.get(socket)?.size) socket.destroy();
  });
}

import type { IncomingMessage } from 'node:http';

import type { FastifyReply, FastifyRequest } from 'fastify';

import { limits } from '../domain/limits.ts';
import { serviceErrors } from '../domain/service-error.ts';
import { bodyChunks } from './body-chunks.ts';

export interface BodyReader {
  /** Bytes of all bodies that are being received or worked on. */
  readonly bytesUnderWay: () => number;
  /** Must hear of each request before its body is read. */
  readonly attend: (request: FastifyRequest, reply: FastifyReply) => void;
  /** @throws ServiceError where it is too large, comes too slowly, or there is no memory for it. */
  readonly read: (request: FastifyRequest, payload: IncomingMessage) => Promise<Buffer>;
}

/** Reads bodies whole within a memory that they share; each counts until it is answered. */
export function createBodyReader(memoryBytes: number): BodyReader {
  let underWay = 0;
  const reservations = new WeakMap<FastifyRequest, number>();

  const reserve = (request: FastifyRequest, bytes: number): void => {
    if (underWay + bytes > memoryBytes) throw serviceErrors.bodiesFull();
    underWay += bytes;
    reservations.set(request, (reservations.get(request) ?? 0) + bytes);
  };

  return {
    bytesUnderWay: () => underWay,
    attend(request, reply) {
      reply.raw.once('close', () => {
        underWay -= reservations.get(request) ?? 0;
        reservations.delete(request);
      });
    },
    async read(request, payload) {
      const mostBytes = request.routeOptions.bodyLimit ?? limits.bodyBytes;
      const length = request.headers['content-length'];
      // What is announced is refused before any of it is there.
      if (length !== undefined) {
        if (Number(length) > mostBytes) throw serviceErrors.bodyTooLarge(mostBytes);
        reserve(request, Number(length));
      }
      const chunks: Buffer[] = [];
      for await (const chunk of bodyChunks(payload, mostBytes)) {
        if (length === undefined) reserve(request, chunk.byteLength);
        chunks.push(chunk);
      }
      return Buffer.concat(chunks);
    },
  };
}

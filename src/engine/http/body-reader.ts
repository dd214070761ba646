import type { IncomingMessage } from 'node:http';

import type { FastifyReply, FastifyRequest } from 'fastify';

import { limits } from '../limits.ts';
import { serviceErrors } from '../service-error.ts';

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
    read(request, payload) {
      const mostBytes = request.routeOptions.bodyLimit ?? limits.bodyBytes;
      const announced = Number(request.headers['content-length'] ?? Number.NaN);
      return new Promise((resolve, reject) => {
        const chunks: Buffer[] = [];
        let size = 0;
        const startedMs = performance.now();

        const end = (settle: () => void): void => {
          clearInterval(timer);
          payload.off('data', take).off('end', finish).off('error', cutShort);
          settle();
        };
        const attempt = (step: () => void): void => {
          try {
            step();
          } catch (error) {
            end(() => reject(error));
          }
        };
        const take = (chunk: Buffer): void =>
          attempt(() => {
            size += chunk.length;
            if (size > mostBytes) throw serviceErrors.bodyTooLarge(mostBytes);
            if (Number.isNaN(announced)) reserve(request, chunk.length);
            chunks.push(chunk);
          });
        const cutShort = (): void => end(() => reject(serviceErrors.bodyCutShort()));
        const finish = (): void => end(() => resolve(Buffer.concat(chunks, size)));
        const checkPace = (): void =>
          attempt(() => {
            const tookMs = performance.now() - startedMs - limits.bodyGraceMs;
            if (size < (tookMs / 1000) * limits.bodyBytesPerSecond) throw serviceErrors.tooSlow();
          });
        const timer = setInterval(checkPace, limits.bodyPaceCheckMs);
        attempt(() => {
          if (announced > mostBytes) throw serviceErrors.bodyTooLarge(mostBytes);
          if (!Number.isNaN(announced)) reserve(request, announced);
          payload.on('data', take).once('end', finish).once('error', cutShort);
        });
      });
    },
  };
}

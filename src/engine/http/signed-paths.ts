import { createHmac, timingSafeEqual } from 'node:crypto';

import type { FastifyRequest } from 'fastify';

/** Signs paths, so that a download needs no key; each ends with its date. */
export interface PathSigner {
  /** Path from the root of the server, with its date and the engine's mark as a query. */
  readonly sign: (path: string) => string;
  /** Whether the engine signed this path and its date is not over. */
  readonly isValid: (path: string, until: string, mark: string) => boolean;
}

const dayMs = 86_400_000;

export function createPathSigner(secret: string, now: () => number = Date.now): PathSigner {
  const markOf = (path: string, until: string): Buffer =>
    createHmac('sha256', secret).update(`${path} ${until}`).digest();
  return {
    sign(path) {
      // The date moves once a day, so that a browser finds in its cache what it has seen today.
      const until = String((Math.floor(now() / dayMs) + 2) * dayMs);
      return `${path}?until=${until}&mark=${markOf(path, until).toString('base64url')}`;
    },
    isValid(path, until, mark) {
      if (!/^\d{1,15}$/.test(until) || Number(until) < now()) return false;
      const given = Buffer.from(mark, 'base64url');
      const right = markOf(path, until);
      return given.byteLength === right.byteLength && timingSafeEqual(given, right);
    },
  };
}

const hostPattern = /^(?:[\w.-]{1,253}|\[[\da-f:.]{2,45}\])(?::\d{1,5})?$/i;

/** The address by which this client reached the engine, or a proxy in front of it. */
export function originOf({ headers, protocol: ownProtocol, host, socket }: FastifyRequest): string {
  // Taken from anybody, for who sends it is told links for himself alone.
  const protocol = headers['x-forwarded-proto'] === 'https' ? 'https' : ownProtocol;
  if (hostPattern.test(host)) return `${protocol}://${host}`;
  const address = socket.localAddress ?? 'localhost';
  return `${protocol}://${address.includes(':') ? `[${address}]` : address}:${socket.localPort}`;
}

import { createHmac, timingSafeEqual } from 'node:crypto';

import type { FastifyRequest } from 'fastify';

export const pictureKinds = ['original', 'resized', 'thumbnail'] as const;
export type PictureKind = (typeof pictureKinds)[number];

/** Signs paths to pictures, so that an `<img>` needs no key; each path ends with its date. */
export interface LinkMaker {
  /** From the root of the server. */
  readonly path: (photo: string, kind: PictureKind) => string;
  /** Whether the engine made this path and its date is not over. */
  readonly isValid: (photo: string, kind: PictureKind, until: string, mark: string) => boolean;
}

/** Links to a picture, as absolute addresses. */
export type PictureLinks = (photo: string, kind: PictureKind) => string;

const dayMs = 86_400_000;

export function createLinkMaker(secret: string, now: () => number = Date.now): LinkMaker {
  const sign = (photo: string, kind: PictureKind, until: string): Buffer =>
    createHmac('sha256', secret).update(`${kind} ${photo} ${until}`).digest();
  return {
    path(photo, kind) {
      // The date moves once a day, so that a browser finds in its cache what it has seen today.
      const until = String((Math.floor(now() / dayMs) + 2) * dayMs);
      const mark = sign(photo, kind, until).toString('base64url');
      return `/pictures/${kind}/${photo}?until=${until}&mark=${mark}`;
    },
    isValid(photo, kind, until, mark) {
      if (!/^\d{1,15}$/.test(until) || Number(until) < now()) return false;
      const given = Buffer.from(mark, 'base64url');
      const right = sign(photo, kind, until);
      return given.byteLength === right.byteLength && timingSafeEqual(given, right);
    },
  };
}

/** Links at the address by which this client reached the engine. */
export function pictureLinks(links: LinkMaker, request: FastifyRequest): PictureLinks {
  const origin = originOf(request);
  return (photo, kind) => `${origin}${links.path(photo, kind)}`;
}

const hostPattern = /^(?:[\w.-]{1,253}|\[[\da-f:.]{2,45}\])(?::\d{1,5})?$/i;

function originOf({ protocol, host, socket }: FastifyRequest): string {
  if (hostPattern.test(host)) return `${protocol}://${host}`;
  const address = socket.localAddress ?? 'localhost';
  return `${protocol}://${address.includes(':') ? `[${address}]` : address}:${socket.localPort}`;
}

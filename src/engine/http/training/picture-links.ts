import type { FastifyRequest } from 'fastify';

import { createPathSigner, originOf } from '../signed-paths.ts';

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

export function createLinkMaker(secret: string, now: () => number = Date.now): LinkMaker {
  const signer = createPathSigner(secret, now);
  const pathTo = (photo: string, kind: PictureKind): string => `/pictures/${kind}/${photo}`;
  return {
    path: (photo, kind) => signer.sign(pathTo(photo, kind)),
    isValid: (photo, kind, until, mark) => signer.isValid(pathTo(photo, kind), until, mark),
  };
}

/** Links at the address by which this client reached the engine. */
export function pictureLinks(links: LinkMaker, request: FastifyRequest): PictureLinks {
  const origin = originOf(request);
  return (photo, kind) => `${origin}${links.path(photo, kind)}`;
}

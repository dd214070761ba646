import type { FastifyRequest } from 'fastify';

import { originOf } from '../signed-paths.ts';
import type { PathSigner } from '../signed-paths.ts';

export const pictureKinds = ['original', 'resized', 'thumbnail'] as const;
export type PictureKind = (typeof pictureKinds)[number];

/** Links to a photo, as absolute addresses; an `<img>` needs no key for them. */
export type PictureLinks = (photo: string, kind: PictureKind) => string;

export function picturePath(photo: string, kind: PictureKind): string {
  return `/pictures/${kind}/${photo}`;
}

/** Links at the address by which this client reached the engine. */
export function pictureLinks(signer: PathSigner, request: FastifyRequest): PictureLinks {
  const origin = originOf(request);
  return (photo, kind) => `${origin}${signer.sign(picturePath(photo, kind))}`;
}

import type { FastifyInstance, FastifyReply } from 'fastify';

import { limits } from '../domain/limits.ts';
import { readPictureHeader } from '../../shared/picture-header.ts';
import type { PictureFormat } from '../../shared/picture-header.ts';
import { shrinkPicture } from '../model/shrink-picture.ts';
import { serviceErrors } from '../domain/service-error.ts';
import { PhotoError } from '../store/photo-files.ts';
import type { PictureVariant } from '../store/picture-variants.ts';
import type { Store } from '../store/store.ts';
import { pictureKinds, picturePath } from './training/picture-links.ts';
import type { PathSigner } from './signed-paths.ts';
import type { PictureKind } from './training/picture-links.ts';
import { createSemaphore } from './semaphore.ts';

export interface PictureRoutesOptions {
  readonly signer: PathSigner;
  readonly shelf: PictureShelf;
}

/** Gives a photo whole or smaller. @throws ServiceError */
export type PictureShelf = (photo: string, kind: PictureKind) => Promise<Buffer>;

interface Query {
  readonly until?: string;
  readonly mark?: string;
}

const photoPattern = /^[\da-f]{64}$/;
const longest: Record<PictureVariant, number> = {
  thumbnail: limits.thumbnailPixels,
  resized: limits.resizedPixels,
};

/** `GET /pictures/{kind}/{photo}?until&mark`: what the training API's links lead to. */
export function addPictureRoutes(
  server: FastifyInstance,
  { signer, shelf }: PictureRoutesOptions,
): void {
  server.get<{ Params: { kind: string; photo: string }; Querystring: Query }>(
    '/pictures/:kind/:photo',
    { config: { operation: 'page' } },
    async ({ params, query, headers }, reply) => {
      const kind = pictureKinds.find((each) => each === params.kind);
      const { photo } = params;
      const { until, mark } = query;
      // Whoever has no link learns nothing, not even whether there is such a picture.
      if (!kind || !photoPattern.test(photo)) throw serviceErrors.pathNotFound();
      if (typeof until !== 'string' || typeof mark !== 'string') throw serviceErrors.accessDenied();
      if (!signer.isValid(picturePath(photo, kind), until, mark)) throw serviceErrors.linkOver();
      const tag = `"${kind}-${photo}"`;
      const isKnown = headers['if-none-match'] === tag;
      const bytes = isKnown ? undefined : await shelf(photo, kind);
      void reply.header('ETag', tag);
      // The name is the picture's own hash, so what it leads to never changes. A refusal may: it is
      // answered without these headers.
      void reply.header('Cache-Control', 'private, max-age=86400, immutable');
      return bytes ? sendPicture(reply, bytes) : reply.code(304).send();
    },
  );
}

export function createPictureShelf(store: Store): PictureShelf {
  const enter = createSemaphore(
    { running: limits.runningShrinks, waiting: limits.waitingShrinks },
    serviceErrors.rateLimited,
  );
  const underWay = new Map<string, Promise<Buffer>>();

  const original = async (photo: string): Promise<Buffer> => {
    try {
      return await store.photos.read(photo);
    } catch (error) {
      if (error instanceof PhotoError) throw serviceErrors.photoUnusable(error.message);
      throw error;
    }
  };

  const shrink = async (photo: string, kind: PictureVariant): Promise<Buffer> => {
    const bytes = await original(photo);
    const small = await shrinkPicture(bytes, longest[kind]);
    if (!small) return bytes;
    await store.variants.keep(photo, kind, small);
    return small;
  };

  return async (photo, kind) => {
    if (kind === 'original') return original(photo);
    const kept = await store.variants.read(photo, kind);
    if (kept) return kept;
    const key = `${kind} ${photo}`;
    const made =
      underWay.get(key) ?? enter(() => shrink(photo, kind)).finally(() => underWay.delete(key));
    underWay.set(key, made);
    return made;
  };
}

const types: Record<PictureFormat, string> = {
  jpeg: 'image/jpeg',
  png: 'image/png',
  bmp: 'image/bmp',
  gif: 'image/gif',
};

export function sendPicture(reply: FastifyReply, bytes: Buffer) {
  const format = readPictureHeader(bytes)?.format;
  return (
    reply
      .type(format ? types[format] : 'application/octet-stream')
      // Bytes that a stranger uploaded are a picture to the browser, whatever else they may be.
      .header('X-Content-Type-Options', 'nosniff')
      .header('Content-Security-Policy', "default-src 'none'; sandbox")
      .send(bytes)
  );
}

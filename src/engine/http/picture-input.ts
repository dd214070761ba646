import type { FastifyRequest } from 'fastify';
import { z } from 'zod';

import { limits } from '../domain/limits.ts';
import { serviceErrors } from '../domain/service-error.ts';
import { isWebUrl } from './fetch-picture.ts';
import type { FetchPicture } from './fetch-picture.ts';
import { smallNames } from './json-names.ts';
import { boundaryOf, parseMultipart, picturePart } from './multipart.ts';

export const urlSchema = z.object({ url: z.url() });

type PictureRequest = Pick<FastifyRequest, 'headers' | 'body'>;

/** The picture that a request brings or names, where naming is allowed. @throws ServiceError */
export function pictureOf(
  request: PictureRequest,
  source: 'image' | 'url',
  fetchUrl: FetchPicture | undefined,
): Buffer | Promise<Buffer> {
  return source === 'url' ? pictureFromUrl(request, fetchUrl) : pictureFromBody(request);
}

function pictureFromBody({ headers, body }: PictureRequest): Buffer {
  const contentType = headers['content-type'] ?? '';
  if (!Buffer.isBuffer(body)) throw serviceErrors.noPicture();
  if (mediaType(contentType) === 'application/json') throw serviceErrors.unsupportedMediaType();
  if (mediaType(contentType) !== 'multipart/form-data') return body;
  const boundary = boundaryOf(contentType);
  const parts = boundary === undefined ? undefined : parseMultipart(body, boundary);
  if (!parts) throw serviceErrors.badMultipart();
  const picture = picturePart(parts);
  if (!picture) throw serviceErrors.noPicture();
  return picture;
}

async function pictureFromUrl(
  { body }: PictureRequest,
  fetchUrl: FetchPicture | undefined,
): Promise<Buffer> {
  if (!Buffer.isBuffer(body) || body.byteLength > limits.urlBodyBytes) throw serviceErrors.badUrl();
  let url: URL;
  try {
    url = new URL(urlSchema.parse(smallNames(JSON.parse(body.toString('utf8')))).url);
  } catch {
    throw serviceErrors.badUrl();
  }
  if (!isWebUrl(url)) throw serviceErrors.badUrl();
  if (!fetchUrl) throw serviceErrors.urlFetchOff();
  return fetchUrl(url, limits.predictionPictureBytes);
}

function mediaType(contentType: string): string {
  return (contentType.split(';')[0] ?? '').trim().toLowerCase();
}

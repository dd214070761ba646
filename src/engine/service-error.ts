import { limits } from './limits.ts';
import { PictureError } from './model/picture.ts';
import type { PictureFault } from './model/picture.ts';

/** An answer other than success, in the service's own form: `{ code, message }`. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError';
  readonly status: number;
  readonly code: string;
  readonly retryAfterSeconds: number | undefined;

  constructor(status: number, code: string, message: string, retryAfterSeconds?: number) {
    super(message);
    this.status = status;
    this.code = code;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

const make =
  (status: number, code: string, message: string): (() => ServiceError) =>
  () =>
    new ServiceError(status, code, message);

export function badRequest(code: string, message: string): ServiceError {
  return new ServiceError(400, code, message);
}

/** The service's answers, with its codes and, where they are known, its words. */
export const serviceErrors = {
  accessDenied: make(
    401,
    '401',
    'Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a ' +
      'valid key for an active subscription and use a correct regional API endpoint for your ' +
      'resource.',
  ),
  projectNotFound: make(404, 'NotFoundProject', 'Project not found'),
  iterationNotFound: make(404, 'NotFoundIteration', 'Invalid iteration'),
  domainNotFound: make(404, 'NotFoundDomain', 'Domain not found'),
  tagNotFound: make(404, 'NotFoundTag', 'Tag not found'),
  imageNotFound: make(404, 'NotFoundImage', 'Image not found'),
  wrongProjectType: make(
    400,
    'BadRequestOperationNotSupported',
    'Invalid project type for operation.',
  ),
  pathNotFound: make(404, 'NotFound', 'The engine has nothing at this path.'),
  noPicture: make(400, 'BadRequestImageStream', 'The request carries no image.'),
  badMultipart: make(400, 'BadRequestImageStream', 'The multipart body is malformed.'),
  unsupportedMediaType: make(
    415,
    'UnsupportedMediaType',
    'Send the image as multipart/form-data or application/octet-stream, a URL as application/json.',
  ),
  bodyTooLarge: make(
    413,
    'BadRequestImageSizeBytes',
    `The request is larger than ${limits.bodyBytes} bytes.`,
  ),
  badUrl: make(400, 'BadRequestImageUrl', 'The body must be {"url": "http(s)://…"}.'),
  urlFetchOff: make(
    400,
    'BadRequestImageUrl',
    'This engine does not fetch URLs: it was started without --allow-url-fetch. Send the image ' +
      'itself instead.',
  ),
  urlUnreachable: make(400, 'BadRequestImageUrl', 'The image could not be fetched from its URL.'),
  modelUnusable: (message: string) =>
    new ServiceError(500, 'ErrorPredictionModelNotFound', message),
  rateLimited: () =>
    new ServiceError(
      429,
      '429',
      'Requests have exceeded rate limit of the engine. Please retry after ' +
        `${limits.retryAfterSeconds} second.`,
      limits.retryAfterSeconds,
    ),
  unknown: make(500, 'ErrorUnknown', 'The engine failed to answer this request.'),
};

const pictureCodes: Record<PictureFault, string> = {
  empty: 'BadRequestImageStream',
  format: 'BadRequestImageFormat',
  truncated: 'BadRequestImageFormat',
  bytes: 'BadRequestImageSizeBytes',
  dimensions: 'BadRequestImageDimensions',
};

export function toServiceError(error: unknown): ServiceError | undefined {
  if (error instanceof ServiceError) return error;
  if (error instanceof PictureError) {
    return new ServiceError(400, pictureCodes[error.fault], error.message);
  }
  return undefined;
}

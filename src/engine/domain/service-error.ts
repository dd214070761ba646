import { limits } from './limits.ts';

/** Whose key a request must bring. */
export type KeyKind = 'prediction' | 'training';

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

const busy = (reason: string, seconds: number): ServiceError =>
  new ServiceError(
    429,
    '429',
    `${reason} Please retry after ${seconds} second${seconds === 1 ? '' : 's'}.`,
    seconds,
  );

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
  notOffered: (message: string) => new ServiceError(501, 'BadRequestNotSupported', message),
  pathNotFound: make(404, 'NotFound', 'The engine has nothing at this path.'),
  noPicture: make(400, 'BadRequestImageStream', 'The request carries no image.'),
  badMultipart: make(400, 'BadRequestImageStream', 'The multipart body is malformed.'),
  unsupportedMediaType: make(
    415,
    'UnsupportedMediaType',
    'Send the image as multipart/form-data or application/octet-stream, a URL as application/json.',
  ),
  photoUnusable: (message: string) => new ServiceError(404, 'NotFoundImage', message),
  linkOver: make(403, 'Forbidden', 'This link is over; ask the engine for a new one.'),
  bodyTooLarge: (mostBytes: number) =>
    new ServiceError(
      413,
      'BadRequestImageSizeBytes',
      `The request is larger than ${mostBytes} bytes.`,
    ),
  bodyCutShort: make(400, 'BadRequestImageStream', 'The request ended before its body did.'),
  tooSlow: make(408, '408', 'The request came too slowly, or not at all.'),
  malformed: make(400, 'BadRequest', 'The request is malformed.'),
  headersTooLarge: make(431, '431', 'The request has too many or too long headers.'),
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
  /** The key of the one API was sent to the other. */
  wrongKind: (wanted: KeyKind) => {
    const given = wanted === 'prediction' ? 'training' : 'prediction';
    return new ServiceError(
      401,
      '401',
      `Access denied: this is the ${given} key, and the ${wanted} API takes the ${wanted} key. ` +
        'Correct the key in the settings of the client.',
    );
  },
  rateLimited: (seconds: number = limits.retryAfterSeconds) =>
    busy('Requests have exceeded rate limit of the engine.', seconds),
  bodiesFull: () =>
    busy('The engine is receiving as much as it may at a time.', limits.retryAfterSeconds),
  /** What is published was trained on another backbone than the engine has now. */
  trainingAgain: () =>
    new ServiceError(
      503,
      '503',
      'The iteration is being trained again for the new model of the engine. Please retry later.',
      limits.trainingAgainRetryAfterSeconds,
    ),
  stopping: () =>
    new ServiceError(
      503,
      '503',
      'The engine is stopping. Please retry later.',
      limits.stoppingRetryAfterSeconds,
    ),
  dataBusy: () =>
    new ServiceError(
      503,
      '503',
      'Another process keeps writing to the data folder. Please retry later.',
      limits.retryAfterSeconds,
    ),
  diskFull: make(
    507,
    'ErrorUnknown',
    'The engine cannot write to its data folder: the disk is full or may not be written to.',
  ),
  /** Nobody reads it, but for the numbers; nginx has the status for the same. */
  hungUp: make(499, '499', 'Whoever asked hung up.'),
  unknown: make(500, 'ErrorUnknown', 'The engine failed to answer this request.'),
};

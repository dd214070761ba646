import { STATUS_CODES } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';

import { fastify } from 'fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Registry } from 'prom-client';
import { z } from 'zod';

import type { Health } from '../monitoring/health.ts';
import { limits } from '../domain/limits.ts';
import type { PageFile } from './page-files.ts';
import { addPageRoutes } from './page-routes.ts';
import type { AdjustableLimits } from '../domain/limits.ts';
import type { LogWriter } from '../../shared/log.ts';
import { toServiceError } from './to-service-error.ts';
import { serviceErrors } from '../domain/service-error.ts';
import type { ServiceError } from '../domain/service-error.ts';
import { createAccess } from './access.ts';
import { createBodyReader } from './body-reader.ts';
import type { Certificate } from './certificate.ts';
import { limitConnections } from './connection-limits.ts';
import type { Keys } from './keys.ts';
import { kindsOf } from './keys.ts';
import { measureRequests } from './measure-requests.ts';
import { addGauge } from '../monitoring/add-gauge.ts';
import { collectRoutes, describeRoutes } from './openapi.ts';
import type { DescribedRoute } from './openapi.ts';
import { addPictureRoutes, createPictureShelf } from './picture-routes.ts';
import { addPredictionRoutes } from './prediction-routes.ts';
import type { PredictionRoutesOptions } from './prediction-routes.ts';
import { hangUpOnSilent } from './silent-connections.ts';
import { addTrainingRoutes } from './training-routes.ts';
import type { TrainingRoutesOptions } from './training-routes.ts';
import { addExportDownloads } from './training/export-routes.ts';

export interface ServerOptions {
  readonly backboneId: string;
  readonly keys: Keys;
  readonly limits: AdjustableLimits;
  readonly certificate?: Certificate;
  readonly metrics: Registry;
  readonly health: () => Promise<Health>;
  readonly prediction: PredictionRoutesOptions;
  readonly training: Omit<TrainingRoutesOptions, 'shelf'>;
  /** The page's files by their path; empty where there is no page. */
  readonly page: ReadonlyMap<string, PageFile>;
  /** Told of what the engine could not foresee; never given a key, a picture or a path. */
  readonly onFault: (error: unknown) => void;
  /** Told of each answer, where that is wanted. */
  readonly onRequest?: LogWriter;
}

export interface Server {
  readonly app: FastifyInstance;
  readonly routes: readonly DescribedRoute[];
  /**
   * From now on answers 503, and resolves when all that was under way is answered or the time is
   * over.
   */
  readonly drain: (timeoutMs: number) => Promise<void>;
}

const connections = {
  headersTimeout: limits.headersTimeoutMs,
  connectionsCheckingInterval: limits.timeoutCheckMs,
};

const version = /^v3\.\d{1,3}(?:-preview)?$/i;

export function createServer(options: ServerOptions): Server {
  const { metrics, certificate, onFault } = options;
  const answerError = (error: unknown, request: FastifyRequest, reply: FastifyReply) => {
    const known = toServiceError(error) ?? frameworkError(error);
    if (!known || known.status === 500) onFault(error);
    const answer = known ?? serviceErrors.unknown();
    if (answer.retryAfterSeconds !== undefined) {
      void reply.header('Retry-After', String(answer.retryAfterSeconds));
    }
    if (isTooMuchToPass(request)) void reply.header('Connection', 'close');
    return reply.code(answer.status).send({ code: answer.code, message: answer.message });
  };
  const app = fastify({
    bodyLimit: limits.bodyBytes,
    http: connections,
    ...(certificate && {
      https: {
        ...connections,
        cert: certificate.cert,
        key: certificate.key,
        minVersion: 'TLSv1.2' as const,
      },
    }),
    requestTimeout: limits.requestTimeoutMs,
    routerOptions: { caseSensitive: false, ignoreDuplicateSlashes: true, maxParamLength: 512 },
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    clientErrorHandler: answerBrokenRequest,
    frameworkErrors: (error, request, reply) => void answerError(error, request, reply),
  }) as unknown as FastifyInstance;
  limitConnections(app.server, options.limits, metrics);

  const bodies = createBodyReader(options.limits.bodyMemoryBytes);
  // Bodies stay bytes: the routes know what they expect, and clients send odd types and empty JSON.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', async (request: FastifyRequest, payload: IncomingMessage) =>
    bodies.read(request, payload),
  );

  app.setErrorHandler(async (error, request, reply) => answerError(error, request, reply));
  app.setNotFoundHandler(async () => {
    throw serviceErrors.pathNotFound();
  });

  hangUpOnSilent(app, limits.silentConnectionMs);
  const routes = collectRoutes(app);
  measureRequests(app, metrics);
  if (options.onRequest) logRequests(app, options.onRequest);
  const { drain, isDraining, underWay } = countUnderWay(app);
  app.addHook('onRequest', async (request, reply) => bodies.attend(request, reply));
  addGauge(metrics, 'freshlane_http_requests_under_way', 'Requests not yet answered.', underWay);
  addGauge(metrics, 'freshlane_http_body_bytes', 'Bodies held in memory.', bodies.bytesUnderWay);

  addOwnRoutes(app, options, routes, isDraining);
  addPageRoutes(app, options.page);
  const shelf = createPictureShelf(options.training.store);
  addPictureRoutes(app, { signer: options.training.signer, shelf });
  addExportDownloads(app, options.training);
  const access = createAccess(options.keys, options.limits);
  const areas = {
    prediction: (scope: FastifyInstance) => addPredictionRoutes(scope, options.prediction),
    training: (scope: FastifyInstance) => addTrainingRoutes(scope, { ...options.training, shelf }),
  };
  for (const area of ['prediction', 'training'] as const) {
    void app.register(
      async (scope) => {
        scope.addHook<{ Params: { version: string } }>('onRequest', async ({ params }) => {
          if (!version.test(params.version)) throw serviceErrors.pathNotFound();
        });
        scope.addHook('onRequest', access[area]);
        areas[area](scope);
      },
      { prefix: `/customvision/:version/${area}` },
    );
  }
  return { app, routes, drain };
}

const healthAnswer = z.object({
  status: z.enum(['ok', 'degraded', 'stopping']),
  backbone: z.string(),
  reasons: z.array(z.object({ code: z.string(), message: z.string() })),
});

/** What the engine says of itself. */
function addOwnRoutes(
  app: FastifyInstance,
  { backboneId: backbone, health, keys, metrics }: ServerOptions,
  routes: readonly DescribedRoute[],
  isDraining: () => boolean,
): void {
  let description: ReturnType<typeof describeRoutes> | undefined;
  app.get(
    '/healthz',
    {
      config: {
        operation: {
          id: 'GetHealth',
          summary: 'Whether the engine is well; while it is stopping the status is 503.',
          answer: healthAnswer,
        },
      },
    },
    async (_request, reply) => {
      if (isDraining()) return reply.code(503).send({ status: 'stopping', backbone, reasons: [] });
      const { status, reasons } = await health();
      return { status, backbone, reasons };
    },
  );
  app.get(
    '/metrics',
    {
      config: {
        operation: {
          id: 'GetMetrics',
          summary: 'Numbers for Prometheus: from this machine, or with a key as bearer token.',
          answer: z.string(),
        },
      },
    },
    async (request, reply) => {
      if (!mayReadMetrics(request, keys)) throw serviceErrors.accessDenied();
      return reply.type(metrics.contentType).send(await metrics.metrics());
    },
  );
  app.get(
    '/openapi.json',
    {
      config: {
        operation: {
          id: 'GetDescription',
          summary: 'This description.',
          answer: z.record(z.string(), z.unknown()),
        },
      },
    },
    // Made once: it takes longer than a prediction, and anybody may ask.
    async () => (description ??= describeRoutes(routes)),
  );
}

const loopback = /^(?:127\.|::1$|::ffff:127\.)/;

/** A proxy on this machine stands for all the world, so what came through one needs a key. */
function mayReadMetrics({ headers, ip }: FastifyRequest, keys: Keys): boolean {
  const isForwarded = ['forwarded', 'x-forwarded-for', 'via'].some((name) => name in headers);
  if (loopback.test(ip) && !isForwarded) return true;
  const bearer = /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1];
  return kindsOf(bearer, keys).length > 0;
}

/** Counts what is being answered, so that a stop can wait for it. */
function countUnderWay(app: FastifyInstance) {
  let underWay = 0;
  let draining = false;
  let onIdle = (): void => undefined;
  app.addHook('onRequest', async (request, reply) => {
    underWay += 1;
    reply.raw.once('close', () => {
      underWay -= 1;
      if (underWay === 0) onIdle();
    });
    if (!draining) return;
    void reply.header('Connection', 'close');
    if (request.routeOptions.url !== '/healthz') throw serviceErrors.stopping();
  });
  return {
    underWay: () => underWay,
    isDraining: () => draining,
    async drain(timeoutMs: number) {
      draining = true;
      if (underWay === 0) return;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, timeoutMs);
        onIdle = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    },
  };
}

function logRequests(app: FastifyInstance, write: LogWriter): void {
  app.addHook('onResponse', async (request, reply) => {
    write({
      level: 'info',
      event: 'request',
      method: request.method,
      // The query may carry a key or a signature.
      path: request.url.split('?', 1)[0],
      status: reply.statusCode,
      tookMs: Number(reply.elapsedTime.toFixed(1)),
      address: request.ip,
    });
  });
}

/**
 * A client reads its answer when it has sent all, so what is left of a refused body is passed over
 * unread; a connection is hung up on only where that would take long.
 */
function isTooMuchToPass({ headers }: FastifyRequest): boolean {
  return Number(headers['content-length'] ?? 0) > limits.batchBodyBytes;
}

const frameworkErrors: Readonly<Record<string, () => ServiceError>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: () => serviceErrors.bodyTooLarge(limits.bodyBytes),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: serviceErrors.unsupportedMediaType,
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: serviceErrors.noPicture,
  FST_ERR_BAD_URL: serviceErrors.pathNotFound,
  FST_ERR_MAX_PARAM_LENGTH: serviceErrors.pathNotFound,
};

function frameworkError(error: unknown): ServiceError | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  const known = frameworkErrors[String(error.code)];
  if (known) return known();
  // Whatever else the framework refuses is the client's to mend.
  const isRefusal = String(error.code).startsWith('FST_') && 'statusCode' in error;
  return isRefusal && Number(error.statusCode) < 500 ? serviceErrors.malformed() : undefined;
}

const brokenRequests: Readonly<Record<string, () => ServiceError>> = {
  ERR_HTTP_REQUEST_TIMEOUT: serviceErrors.tooSlow,
  HPE_HEADER_OVERFLOW: serviceErrors.headersTooLarge,
};

/** What is no HTTP at all never becomes a request; it is answered all the same. */
function answerBrokenRequest(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const answer = (brokenRequests[error.code ?? ''] ?? serviceErrors.malformed)();
  const body = JSON.stringify({ code: answer.code, message: answer.message });
  if (socket.writable) {
    socket.write(
      `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status]}\r\nConnection: close\r\n` +
        `Content-Type: application/json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
  }
  socket.destroySoon();
}

import { fastify } from 'fastify';
import type { FastifyInstance } from 'fastify';

import { limits } from '../limits.ts';
import { serviceErrors, toServiceError } from '../service-error.ts';
import type { ServiceError } from '../service-error.ts';
import type { PageFile } from './page-files.ts';
import { addPageRoutes } from './page-routes.ts';
import { addPredictionRoutes } from './prediction-routes.ts';
import type { PredictionRoutesOptions } from './prediction-routes.ts';
import { addTrainingRoutes } from './training-routes.ts';
import type { TrainingRoutesOptions } from './training-routes.ts';
import { addExportDownloads } from './training/export-routes.ts';

export interface ServerOptions {
  readonly backboneId: string;
  readonly prediction: PredictionRoutesOptions;
  readonly training: TrainingRoutesOptions;
  /** The page's files by their path; empty where there is no page. */
  readonly page: ReadonlyMap<string, PageFile>;
  /** Told of what the engine could not foresee; never given a key, a picture or a path. */
  readonly onFault: (error: unknown) => void;
}

const version = /^v3\.\d{1,3}(?:-preview)?$/i;

export function createServer(options: ServerOptions): FastifyInstance {
  const server = fastify({
    bodyLimit: limits.bodyBytes,
    requestTimeout: limits.requestTimeoutMs,
    routerOptions: { caseSensitive: false, ignoreDuplicateSlashes: true, maxParamLength: 512 },
    forceCloseConnections: 'idle',
  });

  // Bodies stay bytes: the routes know what they expect, and clients send odd types and empty JSON.
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) =>
    done(null, body),
  );

  server.setErrorHandler(async (error, _request, reply) => {
    const known = toServiceError(error) ?? frameworkError(error);
    if (!known || known.status === 500) options.onFault(error);
    const answer = known ?? serviceErrors.unknown();
    if (answer.retryAfterSeconds !== undefined) {
      void reply.header('Retry-After', String(answer.retryAfterSeconds));
    }
    return reply.code(answer.status).send({ code: answer.code, message: answer.message });
  });
  server.setNotFoundHandler(async () => {
    throw serviceErrors.pathNotFound();
  });

  server.get('/healthz', async () => ({ status: 'ok', backbone: options.backboneId }));
  addPageRoutes(server, options.page);
  addExportDownloads(server, options.training);
  const areas = {
    prediction: (scope: FastifyInstance) => addPredictionRoutes(scope, options.prediction),
    training: (scope: FastifyInstance) => addTrainingRoutes(scope, options.training),
  };
  for (const [area, addRoutes] of Object.entries(areas)) {
    void server.register(
      async (scope) => {
        scope.addHook<{ Params: { version: string } }>('onRequest', async ({ params }) => {
          if (!version.test(params.version)) throw serviceErrors.pathNotFound();
        });
        addRoutes(scope);
      },
      { prefix: `/customvision/:version/${area}` },
    );
  }
  return server;
}

function frameworkError(error: unknown): ServiceError | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE') return serviceErrors.bodyTooLarge();
  if (error.code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return serviceErrors.unsupportedMediaType();
  if (error.code === 'FST_ERR_CTP_INVALID_CONTENT_LENGTH') return serviceErrors.noPicture();
  return undefined;
}

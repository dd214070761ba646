import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { domains } from '../domain/domains.ts';
import type { Domain } from '../domain/domains.ts';
import { serviceErrors } from '../domain/service-error.ts';
import { embeddingHeader, embeddingValue } from './embedding-header.ts';
import type { FetchPicture } from './fetch-picture.ts';
import type { Operation as Described } from './operation.ts';
import { pictureOf, urlSchema } from './picture-input.ts';
import { createPredict, predictionAnswer } from './predict.ts';
import type { PredictOptions } from './predict.ts';

export interface PredictionRoutesOptions extends PredictOptions {
  /** Undefined where pictures may not be named by a URL. */
  readonly fetchUrl: FetchPicture | undefined;
}

interface Params {
  readonly projectId: string;
  readonly publishedName: string;
}

interface Operation {
  readonly projectType: Domain['type'];
  readonly source: 'image' | 'url';
  readonly keep: boolean;
}

/** `POST {projectId}/classify/iterations/{publishedName}/{image|url}[/nostore]` */
export function addPredictionRoutes(
  server: FastifyInstance,
  options: PredictionRoutesOptions,
): void {
  const { store, fetchUrl } = options;
  const predict = createPredict(options);
  const answer = async (
    request: FastifyRequest<{ Params: Params }>,
    reply: FastifyReply,
    { projectType, source, keep }: Operation,
  ) => {
    const startedMs = performance.now();
    // Before anything is waited for: a picture may be fetched from far away.
    const signal = untilHungUp(reply);
    const project = store.projects.get(request.params.projectId);
    if (!project) throw serviceErrors.projectNotFound();
    const domain = domains.find(({ id }) => id === project.domainId);
    if (domain && domain.type !== projectType) throw serviceErrors.wrongProjectType();
    const iteration = store.iterations.published(project.id, request.params.publishedName);
    if (!iteration) throw serviceErrors.iterationNotFound();

    const picture = await pictureOf(request, source, fetchUrl);
    const prediction = await predict({
      kind: projectType === 'Classification' ? 'classify' : 'detect',
      projectId: project.id,
      iterationId: iteration.id,
      picture,
      keep,
      signal,
      ...(request.headers[embeddingHeader] !== undefined && {
        onFeatures: (features: Float32Array) =>
          void reply.header(embeddingHeader, embeddingValue(features)),
      }),
    });
    void reply.header('Server-Timing', `total;dur=${(performance.now() - startedMs).toFixed(1)}`);
    return prediction;
  };

  const operations = { classify: 'Classification', detect: 'ObjectDetection' } as const;
  for (const [name, projectType] of Object.entries(operations)) {
    for (const source of ['image', 'url'] as const) {
      for (const keep of [true, false]) {
        server.post<{ Params: Params }>(
          `/:projectId/${name}/iterations/:publishedName/${source}${keep ? '' : '/nostore'}`,
          { config: { operation: described({ name, source, keep }) } },
          (request, reply) => answer(request, reply, { projectType, source, keep }),
        );
      }
    }
  }
}

/** Aborts when whoever asked hangs up before the answer. */
function untilHungUp({ raw }: FastifyReply): AbortSignal {
  const hungUp = new AbortController();
  raw.once('close', () => {
    if (!raw.writableFinished) hungUp.abort(serviceErrors.hungUp());
  });
  return hungUp.signal;
}

function described(way: { name: string; source: 'image' | 'url'; keep: boolean }): Described {
  const id = way.name === 'classify' ? 'Classify' : 'Detect';
  return {
    id: `${id}Image${way.source === 'url' ? 'Url' : ''}${way.keep ? '' : 'WithNoStore'}`,
    summary:
      `${way.name === 'classify' ? 'Says what a picture shows' : 'Finds things in a picture'}` +
      `${way.keep ? ', and keeps it for later teaching' : ''}.`,
    body: way.source === 'url' ? urlSchema : 'picture',
    answer: predictionAnswer,
  };
}

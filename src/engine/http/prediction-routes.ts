import { randomUUID } from 'node:crypto';

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';

import type { Classifier } from '../classifier.ts';
import { domains } from '../domains.ts';
import type { Domain } from '../domains.ts';
import { limits } from '../limits.ts';
import { serviceErrors } from '../service-error.ts';
import type { Store } from '../store/store.ts';
import type { TagProbability } from '../training/head.ts';
import { fetchPicture, isWebUrl } from './fetch-picture.ts';
import { boundaryOf, parseMultipart, picturePart } from './multipart.ts';
import type { Operation as Described } from './operation.ts';
import type { Turnstile } from './turnstile.ts';

export interface PredictionRoutesOptions {
  readonly store: Store;
  readonly classifier: Classifier;
  /** How many pictures are recognised at a time. */
  readonly enter: Turnstile;
  readonly allowUrlFetch: boolean;
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

const urlSchema = z.object({ url: z.url() });

/** `POST {projectId}/classify/iterations/{publishedName}/{image|url}[/nostore]` */
export function addPredictionRoutes(
  server: FastifyInstance,
  { store, classifier, enter, allowUrlFetch }: PredictionRoutesOptions,
): void {
  const answer = async (
    request: FastifyRequest<{ Params: Params }>,
    reply: FastifyReply,
    { projectType, source, keep }: Operation,
  ) => {
    const startedMs = performance.now();
    const project = store.projects.get(request.params.projectId);
    if (!project) throw serviceErrors.projectNotFound();
    const domain = domains.find(({ id }) => id === project.domainId);
    if (domain && domain.type !== projectType) throw serviceErrors.wrongProjectType();
    const iteration = store.iterations.published(project.id, request.params.publishedName);
    if (!iteration) throw serviceErrors.iterationNotFound();

    const picture =
      source === 'url' ? await pictureFromUrl(request, allowUrlFetch) : pictureFromBody(request);
    const ranked = await enter(() => classifier.classify(iteration.id, picture));
    const prediction = {
      id: randomUUID(),
      project: project.id,
      iteration: iteration.id,
      created: new Date().toISOString(),
      predictions: ranked.map(toPrediction),
    };
    if (keep) {
      const replaced = await store.keeping(async (keepPhoto) =>
        store.predictions.keep({
          id: prediction.id,
          projectId: project.id,
          iterationId: iteration.id,
          photo: await keepPhoto(picture),
          predictions: prediction.predictions,
          createdAt: prediction.created,
        }),
      );
      await store.dropUnused(replaced);
    }
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

const predictionAnswer = z.object({
  id: z.uuid(),
  project: z.uuid(),
  iteration: z.uuid(),
  created: z.iso.datetime(),
  predictions: z.array(
    z.object({
      probability: z.number(),
      tagId: z.uuid(),
      tagName: z.string(),
      tagType: z.enum(['Regular', 'Negative', 'GeneralProduct']),
    }),
  ),
});

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

function toPrediction({ tag, probability }: TagProbability) {
  return { probability, tagId: tag.id, tagName: tag.name, tagType: tag.type };
}

function pictureFromBody({ headers, body }: FastifyRequest): Buffer {
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

async function pictureFromUrl({ body }: FastifyRequest, isAllowed: boolean): Promise<Buffer> {
  if (!Buffer.isBuffer(body) || body.byteLength > limits.urlBodyBytes) throw serviceErrors.badUrl();
  let url: URL;
  try {
    url = new URL(urlSchema.parse(JSON.parse(body.toString('utf8'))).url);
  } catch {
    throw serviceErrors.badUrl();
  }
  if (!isWebUrl(url)) throw serviceErrors.badUrl();
  if (!isAllowed) throw serviceErrors.urlFetchOff();
  return fetchPicture(url, limits.predictionPictureBytes);
}

function mediaType(contentType: string): string {
  return (contentType.split(';')[0] ?? '').trim().toLowerCase();
}

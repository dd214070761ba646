import type { Readable } from 'node:stream';

import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';

import { limits } from '../../domain/limits.ts';
import { PhotoError } from '../../store/photo-files.ts';
import { serviceErrors } from '../../domain/service-error.ts';
import type { Store } from '../../store/store.ts';
import { bodyChunks } from '../body-chunks.ts';
import { fetchPicture, isWebUrl } from '../fetch-picture.ts';
import { boundaryOf } from '../multipart.ts';
import type { PathSigner } from '../signed-paths.ts';
import { createSemaphore } from '../semaphore.ts';
import { imageAnswer } from './answers.ts';
import { batchShape, checkedMetadata, entryShape, faultOf, annotationsOf } from './batch.ts';
import type { Annotations, TagFault } from './batch.ts';
import { checked, inputsOf, jsonBody, tooMany } from './inputs.ts';
import { createBoundedQueue, createIntake } from './intake.ts';
import type { UploadResult, RefusedStatus } from './intake.ts';
import { readParts } from './multipart-stream.ts';
import { pictureLinks } from './picture-links.ts';
import { createPictureJson } from './picture-json.ts';
import { projectOf } from './lookups.ts';

export interface UploadRoutesOptions {
  readonly store: Store;
  readonly signer: PathSigner;
  readonly allowUrlFetch: boolean;
  /** Told of what a project has newly got. */
  readonly onPhotos: (projectId: string, photos: readonly string[]) => void;
}

/** A batch as it was read: what became of its pictures, and what it says of them. */
interface Batch {
  readonly results: readonly UploadResult[];
  /** Where each came from, as the client named it. */
  readonly sources: readonly string[];
  readonly annotations: readonly Annotations[];
  readonly metadata: Readonly<Record<string, string>>;
}

type Keep = (bytes: Uint8Array) => Promise<string>;
type ReadBatch = (request: FastifyRequest, keep: Keep) => Promise<Batch>;

const pictureNumber = z.string().nullish();

const filesSchema = z.object({
  images: z
    .array(z.object({ name: z.string().nullish(), contents: pictureNumber, ...entryShape }))
    .nullish(),
  ...batchShape,
});
const urlsSchema = z.object({
  images: z.array(z.object({ url: z.string(), ...entryShape })).nullish(),
  ...batchShape,
});
const predictionsSchema = z.object({
  images: z.array(z.object({ id: z.string(), ...entryShape })).nullish(),
  ...batchShape,
});

/** Every way by which pictures come into a project. */
export function addUploadRoutes(
  server: FastifyInstance,
  { store, signer, allowUrlFetch, onPhotos }: UploadRoutesOptions,
): void {
  const takeIn = createIntake();
  const enter = createSemaphore(
    { running: limits.runningUploads, waiting: limits.waitingUploads },
    serviceErrors.rateLimited,
  );
  // A batch from a slow host takes minutes: the others must not wait for that.
  const enterUrls = createSemaphore(
    { running: limits.runningUrlUploads, waiting: limits.waitingUrlUploads },
    serviceErrors.rateLimited,
  );

  const fromData: ReadBatch = async (request, keep) => {
    const { tagIds } = givenTags(request);
    const queue = createBoundedQueue<UploadResult>(limits.picturesInHand);
    const sources: string[] = [];
    try {
      for await (const { fileName, bytes } of picturesOf(request)) {
        if (sources.length >= limits.imagesPerBatch) throw tooMany('images', limits.imagesPerBatch);
        sources.push(fileName ?? '');
        await queue.put(() => takeIn(bytes, keep));
      }
      const annotations = annotationsOf(
        projectOf(store, request.params),
        sources.map(() => ({})),
        tagIds,
      );
      return { results: await queue.results(), sources, annotations, metadata: {} };
    } finally {
      await queue.settled();
    }
  };

  const fromFiles: ReadBatch = async (request, keep) => {
    const json = createPictureJson(limits.trainingPictureBytes);
    const queue = createBoundedQueue<UploadResult>(limits.picturesInHand);
    try {
      for await (const chunk of bodyChunks(streamOf(request), limits.batchBodyBytes)) {
        for (const bytes of json.add(chunk)) await queue.put(() => takeIn(bytes, keep));
      }
      const batch = checked(json.end(), filesSchema);
      const entries = batch.images ?? [];
      const annotations = annotationsOf(projectOf(store, request.params), entries, batch.tagIds);
      const all = await queue.results();
      return {
        results: entries.map(({ contents }) => all[Number(contents ?? 'none')] ?? noPicture),
        sources: entries.map(({ name }) => name ?? ''),
        annotations,
        metadata: checkedMetadata(batch.metadata),
      };
    } finally {
      await queue.settled();
    }
  };

  const fromEach = async <T extends { readonly [name: string]: unknown }>(
    entries: readonly T[],
    keep: Keep,
    bytesOf: (entry: T) => Promise<Buffer | undefined>,
  ): Promise<UploadResult[]> => {
    const queue = createBoundedQueue<UploadResult>(limits.picturesInHand);
    try {
      for (const entry of entries) {
        await queue.put(async () => {
          const bytes = await bytesOf(entry);
          return bytes ? takeIn(bytes, keep) : { kind: 'refused', status: 'ErrorSource' };
        });
      }
      return await queue.results();
    } finally {
      await queue.settled();
    }
  };

  const fromUrls: ReadBatch = async ({ body, params }, keep) => {
    if (!allowUrlFetch) throw serviceErrors.urlFetchOff();
    const batch = jsonBody(body, urlsSchema);
    const entries = batch.images ?? [];
    const annotations = annotationsOf(projectOf(store, params), entries, batch.tagIds);
    const metadata = checkedMetadata(batch.metadata);
    const results = await fromEach(entries, keep, async ({ url }) => fetched(url));
    return { results, sources: entries.map(({ url }) => url), annotations, metadata };
  };

  const fromPredictions: ReadBatch = async ({ body, params }, keep) => {
    const project = projectOf(store, params);
    const batch = jsonBody(body, predictionsSchema);
    const entries = batch.images ?? [];
    const annotations = annotationsOf(project, entries, batch.tagIds);
    const metadata = checkedMetadata(batch.metadata);
    const results = await fromEach(entries, keep, async ({ id }) => {
      const photo = store.predictions.get(project.id, id)?.photo;
      return photo === undefined ? undefined : readOrNone(store, photo);
    });
    return { results, sources: entries.map(({ id }) => id), annotations, metadata };
  };

  const add = async (request: FastifyRequest, read: ReadBatch) => {
    const linksFor = pictureLinks(signer, request);
    const { id } = projectOf(store, request.params);
    const enterOwn = read === fromUrls ? enterUrls : enter;
    return enterOwn(() =>
      store.keeping(async (keep) => {
        const batch = await read(request, keep);
        const results = addBatch(store, request.params, batch);
        onPhotos(
          id,
          batch.results.flatMap((result) => (result.kind === 'kept' ? [result.photo] : [])),
        );
        return {
          isBatchSuccessful: results.every(({ status }) => status === 'OK'),
          images: results.map(({ sourceUrl, status, image }) => ({
            sourceUrl,
            status,
            image: image ? imageAnswer(image, linksFor) : null,
          })),
        };
      }),
    );
  };

  const path = '/projects/:projectId/images';
  const post = (scope: FastifyInstance, name: string, read: ReadBatch): void => {
    scope.post(`${path}${name}`, async (request, reply) => {
      const answer = await add(request, read);
      return reply.code(answer.isBatchSuccessful ? 200 : 207).send(answer);
    });
  };
  post(server, '/urls', fromUrls);
  post(server, '/predictions', fromPredictions);
  void server.register(async (scope) => {
    // Read by the routes themselves, picture by picture.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, body, done) => done(null, body));
    post(scope, '', fromData);
    post(scope, '/files', fromFiles);
  });
}

const noPicture: UploadResult = { kind: 'refused', status: 'ErrorImageFormat' };

function givenTags({ query }: FastifyRequest) {
  return { tagIds: inputsOf(query).ids('tagIds', limits.tagsPerBatch) };
}

interface UploadedPicture {
  readonly fileName: string | undefined;
  readonly bytes: Buffer | undefined;
}

function streamOf({ body }: FastifyRequest): Readable {
  if (body === undefined || body === null) throw serviceErrors.noPicture();
  return body as Readable;
}

async function* picturesOf(request: FastifyRequest): AsyncGenerator<UploadedPicture> {
  const { headers } = request;
  const contentType = headers['content-type'] ?? '';
  const mediaType = (contentType.split(';')[0] ?? '').trim().toLowerCase();
  if (mediaType === 'application/json') throw serviceErrors.unsupportedMediaType();
  const chunks = bodyChunks(streamOf(request), limits.batchBodyBytes);
  if (mediaType === 'multipart/form-data') {
    const boundary = boundaryOf(contentType);
    if (boundary === undefined) throw serviceErrors.badMultipart();
    yield* readParts(chunks, boundary, limits.trainingPictureBytes);
    return;
  }
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.byteLength;
    if (size <= limits.trainingPictureBytes) pieces.push(chunk);
    else pieces.length = 0;
  }
  if (size === 0) throw serviceErrors.noPicture();
  yield {
    fileName: undefined,
    bytes: size > limits.trainingPictureBytes ? undefined : Buffer.concat(pieces),
  };
}

async function fetched(text: string): Promise<Buffer | undefined> {
  try {
    const url = new URL(text);
    return isWebUrl(url) ? await fetchPicture(url, limits.trainingPictureBytes) : undefined;
  } catch {
    return undefined;
  }
}

async function readOrNone(store: Store, photo: string): Promise<Buffer | undefined> {
  try {
    return await store.photos.read(photo);
  } catch (error) {
    if (error instanceof PhotoError) return undefined;
    throw error;
  }
}

type Status = 'OK' | 'OKDuplicate' | 'ErrorLimitExceed' | RefusedStatus | TagFault;

/** From here on nothing waits, so project and tags are as they are when the images come in. */
function addBatch(
  store: Store,
  params: unknown,
  { results, sources, annotations, metadata }: Batch,
) {
  const project = projectOf(store, params);
  const tags = new Map(store.tags.list(project.id).map((tag) => [tag.id, tag]));
  let room = limits.imagesPerProject - project.imageCount;
  const accepted: {
    readonly index: number;
    readonly image: Extract<UploadResult, { kind: 'kept' }>;
  }[] = [];
  const statuses = results.map((result, index): Status => {
    if (result.kind === 'refused') return result.status;
    const fault = faultOf(project, tags, annotations[index] ?? { tagIds: [], regions: [] });
    if (fault) return fault;
    if (room <= 0) return 'ErrorLimitExceed';
    room -= 1;
    accepted.push({ index, image: result });
    return 'OK';
  });
  const added = store.images.add(
    project.id,
    accepted.map(({ index, image: { photo, width, height } }) => ({
      photo,
      width,
      height,
      ...annotations[index],
      metadata,
    })),
  );
  const images = new Map(
    store.images
      .byIds(
        project.id,
        added.map(({ id }) => id),
      )
      .map((image) => [image.id, image]),
  );
  const outcomes = new Map(accepted.map(({ index }, place) => [index, added[place]]));
  return statuses.map((status, index) => {
    const outcome = outcomes.get(index);
    return {
      sourceUrl: sources[index] ?? '',
      status: outcome?.isDuplicate ? ('OKDuplicate' as const) : status,
      image: outcome && images.get(outcome.id),
    };
  });
}

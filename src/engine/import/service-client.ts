import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { addAbortSignal } from 'node:stream';
import type { Readable } from 'node:stream';

import { TrainingAPIClient } from '@azure/cognitiveservices-customvision-training';
import { ApiKeyCredentials, RestError, ServiceClient } from '@azure/ms-rest-js';
import type { AbortSignalLike, AgentSettings, ServiceClientOptions } from '@azure/ms-rest-js';
import { z } from 'zod';

import { limits } from '../domain/limits.ts';
import { tagTypes } from '../domain/tag-type.ts';
import { MoveError, statusOf } from './retry.ts';
import type { Retry } from './retry.ts';

/*
 * The only file that knows the training SDK (5.2.0). Its own retries wait half a minute and more
 * and never help against a limit of rate; its time limits leave timers behind. Both are ours.
 */

const tagType = z.enum(tagTypes).catch('Regular');
const probability = z.number().min(0).max(1.001);

const projectSchema = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string().nullish(),
  settings: z.object({
    domainId: z.string(),
    classificationType: z.enum(['Multiclass', 'Multilabel']).catch('Multiclass'),
    targetExportPlatforms: z.array(z.string()).nullish(),
  }),
});
const tagSchema = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string().nullish(),
  type: tagType,
});
const box = z.object({
  left: z.number(),
  top: z.number(),
  width: z.number(),
  height: z.number(),
});
const imageSchema = z.object({
  id: z.string(),
  originalImageUri: z.string().nullish(),
  resizedImageUri: z.string().nullish(),
  tags: z.array(z.object({ tagId: z.string() })).nullish(),
  regions: z.array(box.extend({ tagId: z.string() })).nullish(),
  metadata: z.record(z.string(), z.string()).nullish(),
});
const iterationSchema = z.object({
  id: z.string(),
  name: z.string(),
  status: z.string(),
  publishName: z.string().nullish(),
  trainedAt: z.date().nullish(),
});
const imagePerformanceSchema = z.object({
  id: z.string(),
  predictions: z
    .array(z.object({ tagId: z.string(), probability, boundingBox: box.nullish() }))
    .nullish(),
});
const tagPerformanceSchema = z.object({
  perTagPerformance: z.array(
    z.object({ id: z.string(), precision: z.number(), recall: z.number() }),
  ),
});

export type RemoteProject = z.infer<typeof projectSchema>;
export type RemoteTag = z.infer<typeof tagSchema>;
export type RemoteImage = z.infer<typeof imageSchema>;
export type RemoteIteration = z.infer<typeof iterationSchema>;
export type RemoteImagePerformance = z.infer<typeof imagePerformanceSchema>;
export type RemoteTagPerformance = z.infer<
  typeof tagPerformanceSchema
>['perTagPerformance'][number];

/** One project of a Custom Vision service, read only. */
export interface RemoteService {
  /** @throws MoveError that says which of endpoint, key and id is wrong */
  readonly project: () => Promise<RemoteProject>;
  readonly isDetection: (domainId: string) => Promise<boolean>;
  readonly tags: () => Promise<RemoteTag[]>;
  readonly imageCount: () => Promise<number>;
  /** Oldest first, `limits.imagesPerPage` at most. */
  readonly images: (skip: number) => Promise<RemoteImage[]>;
  readonly image: (id: string) => Promise<RemoteImage | undefined>;
  /** The bytes that an image's address leads to. */
  readonly photo: (uri: string) => Promise<Buffer>;
  readonly iterations: () => Promise<RemoteIteration[]>;
  readonly imagePerformances: (
    iterationId: string,
    skip: number,
  ) => Promise<RemoteImagePerformance[]>;
  readonly tagPerformances: (iterationId: string) => Promise<RemoteTagPerformance[]>;
  readonly close: () => void;
}

export interface RemoteServiceOptions {
  readonly endpoint: string;
  readonly trainingKey: string;
  readonly projectId: string;
  readonly retry: Retry;
  /** So long an answer may stand still. */
  readonly silenceMs?: number;
}

export function openRemoteService(options: RemoteServiceOptions): RemoteService {
  const { endpoint, trainingKey, projectId, retry } = options;
  const { silenceMs = limits.moveSilenceMs } = options;
  const agents: AgentSettings = {
    http: new HttpAgent({ keepAlive: true }),
    https: new HttpsAgent({ keepAlive: true }),
  };
  const clientOptions: ServiceClientOptions = {
    noRetryPolicy: true,
    ...(goesThroughProxy(endpoint) ? {} : { agentSettings: agents }),
  };
  const client = new TrainingAPIClient(
    new ApiKeyCredentials({ inHeader: { 'Training-key': trainingKey } }),
    endpoint,
    clientOptions,
  );
  // Photos may lie on another host, which the key is none of the business of.
  const keyless = new ServiceClient(undefined, clientOptions);

  const read = <T>(
    schema: z.ZodType<T>,
    call: (options: { abortSignal: AbortSignalLike }) => Promise<unknown>,
    tries?: number,
  ): Promise<T> =>
    retry(async (signal) => understood(schema, await call(signalOption(signal))), tries);

  const describeFault = async (error: unknown): Promise<MoveError> => {
    const status = statusOf(error);
    if (status === 401 || status === 403) {
      return new MoveError(
        `${endpoint} does not accept the training key. A prediction key is another one; and a ` +
          'key belongs to one resource and its endpoint.',
      );
    }
    if (status === 404) {
      const found = await client.getProjects().catch(() => []);
      if (found.length === 0) {
        return new MoveError(`${endpoint} has no project ${projectId}, nor another one.`);
      }
      const names = found.map(({ id, name }) => `${id} (${name})`).join(', ');
      return new MoveError(`${endpoint} has no project ${projectId}. It has ${names}.`);
    }
    const words = error instanceof Error ? error.message : String(error);
    return new MoveError(`${endpoint} cannot be read as Custom Vision: ${words}`, { cause: error });
  };

  return {
    async project() {
      try {
        const call = (each: object) => client.getProject(projectId, each);
        return await read(projectSchema, call, limits.moveFirstTries);
      } catch (error) {
        throw await describeFault(error);
      }
    },
    async isDetection(domainId) {
      const schema = z.object({ type: z.string() });
      const { type } = await read(schema, (each) => client.getDomain(domainId, each));
      return type === 'ObjectDetection';
    },
    tags: () => read(z.array(tagSchema), (each) => client.getTags(projectId, each)),
    imageCount: () =>
      read(z.number(), async (each) => (await client.getImageCount(projectId, each)).body),
    images: (skip) =>
      read(z.array(imageSchema), (each) =>
        client.getImages(projectId, {
          ...each,
          orderBy: 'Oldest',
          take: limits.imagesPerPage,
          skip,
        }),
      ),
    async image(id) {
      const found = await read(z.array(imageSchema), (each) =>
        client.getImagesByIds(projectId, { ...each, imageIds: [id] }),
      );
      return found[0];
    },
    photo: (uri) =>
      retry(async (signal) => {
        if (!/^https?:/i.test(uri)) {
          // A resource in a private network gives paths instead of addresses.
          const artifact = await client.getArtifact(projectId, uri, signalOption(signal));
          return collect(artifact.readableStreamBody, signal, silenceMs);
        }
        const answer = await keyless.sendRequest({
          url: uri,
          method: 'GET',
          streamResponseBody: true,
          ...signalOption(signal),
        });
        const bytes = await collect(answer.readableStreamBody, signal, silenceMs);
        if (answer.status === 200) return bytes;
        const words = `The photo's address answered ${answer.status}.`;
        throw new RestError(words, undefined, answer.status, answer.request, answer);
      }),
    iterations: () =>
      read(z.array(iterationSchema), (each) => client.getIterations(projectId, each)),
    imagePerformances: (iterationId, skip) =>
      read(z.array(imagePerformanceSchema), (each) =>
        client.getImagePerformances(projectId, iterationId, {
          ...each,
          orderBy: 'Oldest',
          take: limits.imagesPerPage,
          skip,
        }),
      ),
    async tagPerformances(iterationId) {
      const { perTagPerformance } = await read(tagPerformanceSchema, (each) =>
        client.getIterationPerformance(projectId, iterationId, {
          ...each,
          threshold: 0.5,
          overlapThreshold: 0.3,
        }),
      );
      return perTagPerformance;
    },
    close() {
      agents.http.destroy();
      agents.https.destroy();
    },
  };
}

function signalOption(signal: AbortSignal): { abortSignal: AbortSignalLike } {
  // The types differ in the `this` of onabort alone, which the SDK does not use.
  return { abortSignal: signal as unknown as AbortSignalLike };
}

function understood<T>(schema: z.ZodType<T>, answer: unknown): T {
  const parsed = schema.safeParse(Array.isArray(answer) ? [...answer] : answer);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new MoveError(
    `The answer is not in Custom Vision's form, at "${issue?.path.join('.') ?? ''}": ` +
      `${issue?.message ?? 'unknown'}.`,
  );
}

/** A connection that broke, or stands, in the midst of an answer. */
class BrokenAnswer extends Error {
  readonly code = 'ETIMEDOUT';
}

// Of a connection that ends in the midst of an answer the SDK's node-fetch says nothing.
async function collect(
  body: NodeJS.ReadableStream | undefined,
  signal: AbortSignal,
  silenceMs: number,
): Promise<Buffer> {
  if (!body) return Buffer.alloc(0);
  const stream = addAbortSignal(signal, body as Readable);
  const silence = setTimeout(
    () => stream.destroy(new BrokenAnswer('The answer stopped in its midst.')),
    silenceMs,
  );
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      silence.refresh();
      chunks.push(chunk);
      bytes += chunk.length;
      // One byte over is enough for the photo's own check to refuse it by name.
      if (bytes > limits.trainingPictureBytes) break;
    }
  } finally {
    clearTimeout(silence);
  }
  return Buffer.concat(chunks);
}

/** The SDK asks the environment for a proxy only where it has no agents of ours. */
function goesThroughProxy(endpoint: string): boolean {
  const { HTTPS_PROXY, https_proxy, HTTP_PROXY, http_proxy, ALL_PROXY, all_proxy } = process.env;
  const proxy = HTTPS_PROXY ?? https_proxy ?? HTTP_PROXY ?? http_proxy ?? ALL_PROXY ?? all_proxy;
  if (proxy === undefined || proxy === '') return false;
  const host = URL.canParse(endpoint) ? new URL(endpoint).hostname : '';
  return !['localhost', '127.0.0.1', '[::1]'].includes(host);
}

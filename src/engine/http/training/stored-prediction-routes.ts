import { randomUUID } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';

import type { FastifyInstance } from 'fastify';
import { z } from 'zod';

import { limits } from '../../domain/limits.ts';
import { badRequest } from '../../domain/service-error.ts';
import type { StoredPrediction } from '../../store/prediction-store.ts';
import type { Project } from '../../store/project-store.ts';
import type { Store } from '../../store/store.ts';
import type { PathSigner } from '../signed-paths.ts';
import { inputsOf, isId, jsonBody } from './inputs.ts';
import { pictureLinks } from './picture-links.ts';
import type { PictureLinks } from './picture-links.ts';
import { projectOf } from './lookups.ts';

export interface StoredPredictionRoutesOptions {
  readonly store: Store;
  readonly signer: PathSigner;
}

const orders = ['Newest', 'Oldest', 'Suggested'] as const;

const tokenSchema = z.object({
  session: z.string().nullish(),
  continuation: z.string().nullish(),
  maxCount: z.number().int().nullish(),
  orderBy: z.enum(orders).nullish(),
  tags: z
    .array(
      z.object({
        id: z.string(),
        minThreshold: z.number().nullish(),
        maxThreshold: z.number().nullish(),
      }),
    )
    .nullish(),
  iterationId: z.string().nullish(),
  startTime: z.string().nullish(),
  endTime: z.string().nullish(),
  application: z.string().nullish(),
});
type Token = z.infer<typeof tokenSchema>;

/**
 * How many rows are looked at in one turn, with turns for others in between: there may be thousands,
 * each with hundreds of tags.
 */
const rowsAtOnce = 32;

/** Pictures that were sent for prediction and kept, to be looked through and taught. */
export function addStoredPredictionRoutes(
  server: FastifyInstance,
  { store, signer }: StoredPredictionRoutesOptions,
): void {
  server.post('/projects/:projectId/predictions/query', async (request) => {
    const project = projectOf(store, request.params);
    const token = jsonBody(request.body, tokenSchema);
    const query = readQuery(token);
    const { results, continuation } =
      token.orderBy === 'Suggested'
        ? await suggested(store, project, query)
        : await inOrder(store, project, query);
    const links = pictureLinks(signer, request);
    const domainOf = domainFinder(store, project);
    return {
      token: { ...token, session: token.session ?? randomUUID(), continuation },
      results: results.map((each) => predictionAnswer(each, domainOf(each.iterationId), links)),
    };
  });

  server.delete('/projects/:projectId/predictions', async ({ params, query }, reply) => {
    const project = projectOf(store, params);
    const inputs = inputsOf(query);
    const given = inputs.list('ids') ?? [];
    if (given.length === 0) {
      throw badRequest('BadRequestPredictionIdsMissing', 'The parameter ids is missing.');
    }
    if (given.length > limits.predictionsPerBatch) {
      throw badRequest(
        'BadRequestPredictionIdsExceededCount',
        `ids: at most ${limits.predictionsPerBatch} are allowed.`,
      );
    }
    const ids = inputs.ids('ids', limits.predictionsPerBatch) ?? [];
    await store.dropUnused(store.predictions.remove(project.id, ids));
    return reply.code(204).send();
  });
}

interface Query {
  readonly order: 'Newest' | 'Oldest';
  readonly most: number;
  readonly tags: readonly { readonly id: string; readonly least: number; readonly most: number }[];
  readonly range: { readonly iterationId?: string; readonly from?: string; readonly to?: string };
  readonly continuation: string | undefined;
}

/** @throws ServiceError */
function readQuery(token: Token): Query {
  const { maxCount, orderBy, tags, iterationId, startTime, endTime, application } = token;
  const most = maxCount ?? limits.imagesPerPageByDefault;
  if (most < 1 || most > limits.imagesPerPage) {
    throw badRequest(
      'BadRequestPredictionResultsExceededCount',
      `maxCount must be from 1 to ${limits.imagesPerPage}.`,
    );
  }
  if (tags && tags.length > limits.predictionQueryTags) {
    throw badRequest(
      'BadRequestPredictionTagsExceededCount',
      `tags: at most ${limits.predictionQueryTags} can be combined.`,
    );
  }
  if (iterationId && !isId(iterationId)) throw invalidQuery('iterationId is no id');
  if (application) {
    throw badRequest(
      'BadRequestNotSupported',
      'The engine does not keep which application sent a picture; query without application.',
    );
  }
  const from = isoTime('startTime', startTime);
  const to = isoTime('endTime', endTime);
  return {
    order: orderBy === 'Oldest' ? 'Oldest' : 'Newest',
    most,
    tags: (tags ?? []).map(({ id, minThreshold, maxThreshold }) => ({
      id: id.toLowerCase(),
      least: minThreshold ?? 0,
      most: maxThreshold ?? 1,
    })),
    range: {
      ...(iterationId && { iterationId: iterationId.toLowerCase() }),
      ...(from !== undefined && { from }),
      ...(to !== undefined && { to }),
    },
    continuation: token.continuation ?? undefined,
  };
}

function isoTime(name: string, text: string | null | undefined): string | undefined {
  if (text === null || text === undefined || text === '') return undefined;
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) throw invalidQuery(`${name} is no time`);
  return date.toISOString();
}

function invalidQuery(why: string) {
  return badRequest('BadRequestPredictionInvalidQueryParameters', `The query fails: ${why}.`);
}

interface Found {
  readonly results: readonly StoredPrediction[];
  /** Null where there are no more. */
  readonly continuation: string | null;
}

async function inOrder(store: Store, project: Project, query: Query): Promise<Found> {
  const results: StoredPrediction[] = [];
  let after = query.continuation === undefined ? undefined : decodePlace(query.continuation);
  for (;;) {
    const rows = store.predictions.query(project.id, {
      order: query.order,
      ...query.range,
      ...(after && { after }),
      take: rowsAtOnce,
    });
    for (const row of rows) {
      if (!isWithin(row, query)) continue;
      // One more than asked for is there: so there is a next page.
      const last = results.at(-1);
      if (results.length === query.most && last) {
        return { results, continuation: encodePlace([last.createdAt, last.id]) };
      }
      results.push(row);
    }
    const last = rows.at(-1);
    if (!last || rows.length < rowsAtOnce) return { results, continuation: null };
    after = { createdAt: last.createdAt, id: last.id };
    await nextTurn();
  }
}

/** Those first that are the least decided: there is the most to learn from them. */
async function suggested(store: Store, project: Project, query: Query): Promise<Found> {
  const all: { readonly id: string; readonly lead: number }[] = [];
  let after: { createdAt: string; id: string } | undefined;
  for (;;) {
    const rows = store.predictions.query(project.id, {
      order: 'Newest',
      ...query.range,
      ...(after && { after }),
      take: rowsAtOnce,
    });
    for (const row of rows) {
      if (isWithin(row, query)) all.push({ id: row.id, lead: leadOf(row) });
    }
    const last = rows.at(-1);
    if (!last || rows.length < rowsAtOnce) break;
    after = { createdAt: last.createdAt, id: last.id };
    await nextTurn();
  }
  const skip = query.continuation === undefined ? 0 : decodeCount(query.continuation);
  const ranked = all.toSorted((a, b) => a.lead - b.lead);
  const results = ranked
    .slice(skip, skip + query.most)
    .map(({ id }) => store.predictions.get(project.id, id))
    .filter((each) => each !== undefined);
  const next = skip + query.most;
  return { results, continuation: next < ranked.length ? encodePlace([String(next)]) : null };
}

/** By how much the first tag is before the second. */
function leadOf({ predictions }: StoredPrediction): number {
  const ranked = predictions.map(({ probability }) => probability).toSorted((a, b) => b - a);
  return (ranked[0] ?? 0) - (ranked[1] ?? 0);
}

function isWithin({ predictions }: StoredPrediction, { tags }: Query): boolean {
  return tags.every(({ id, least, most }) =>
    predictions.some(
      ({ tagId, probability }) =>
        tagId.toLowerCase() === id && probability >= least && probability <= most,
    ),
  );
}

function encodePlace(parts: readonly string[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

function decodePlace(text: string): { createdAt: string; id: string } {
  const [createdAt, id] = decodeParts(text);
  if (createdAt === undefined || id === undefined) throw invalidQuery('continuation is not ours');
  return { createdAt, id };
}

function decodeCount(text: string): number {
  const [count = ''] = decodeParts(text);
  if (!/^\d{1,9}$/.test(count)) throw invalidQuery('continuation is not ours');
  return Number(count);
}

function decodeParts(text: string): string[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    return z.array(z.string()).parse(parts);
  } catch {
    throw invalidQuery('continuation is not ours');
  }
}

/** The domain of an iteration, or of the project where that is gone; each is looked up once. */
function domainFinder(store: Store, project: Project): (iterationId: string) => string {
  const known = new Map<string, string>();
  return (iterationId) => {
    const domainId =
      known.get(iterationId) ??
      store.iterations.get(project.id, iterationId)?.domainId ??
      project.domainId;
    known.set(iterationId, domainId);
    return domainId;
  };
}

function predictionAnswer(
  { id, projectId, iterationId, photo, predictions, createdAt }: StoredPrediction,
  domainId: string,
  links: PictureLinks,
) {
  return {
    resizedImageUri: links(photo, 'resized'),
    thumbnailUri: links(photo, 'thumbnail'),
    originalImageUri: links(photo, 'original'),
    domain: domainId,
    id,
    project: projectId,
    iteration: iterationId,
    created: createdAt,
    predictions,
  };
}

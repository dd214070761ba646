import type { FastifyInstance, FastifyRequest } from 'fastify';

import { limits } from '../../domain/limits.ts';
import { badRequest } from '../../domain/service-error.ts';
import type { ImageFilter } from '../../store/image-store.ts';
import type { Page } from '../../store/page-index.ts';
import type { Store } from '../../store/store.ts';
import { imageAnswer, iterationImageAnswer } from './answers.ts';
import type { PathSigner } from '../signed-paths.ts';
import { inputsOf } from './inputs.ts';
import type { Inputs } from './inputs.ts';
import { parseMetadataExpression } from './metadata-expression.ts';
import { pictureLinks } from './picture-links.ts';
import { removeImages } from './removal.ts';
import { askedIteration, projectOf } from './lookups.ts';

export interface ImageRoutesOptions {
  readonly store: Store;
  readonly signer: PathSigner;
}

type Status = 'All' | 'Tagged' | 'Untagged';

const path = '/projects/:projectId/images';
const statuses = ['All', 'Tagged', 'Untagged'] as const;

/** Lists, counts and deletes what was uploaded, as it is now or as an iteration was trained on it. */
export function addImageRoutes(
  server: FastifyInstance,
  { store, signer }: ImageRoutesOptions,
): void {
  const list = (request: FastifyRequest, status: Status | undefined) => {
    const project = projectOf(store, request.params);
    const inputs = inputsOf(request.query);
    const filter = filterOf(inputs, status);
    const page = pageOf(inputs);
    const linksFor = pictureLinks(signer, request);
    const iteration = askedIteration(store, project, inputs);
    if (!iteration) {
      return store.images
        .list(project.id, filter, page)
        .map((image) => imageAnswer(image, linksFor));
    }
    return isEmptyInIteration(filter)
      ? []
      : store.iterationImages
          .list(iteration.id, filter.tagIds, page)
          .map((image) => iterationImageAnswer(iteration, image, linksFor));
  };

  const count = (request: FastifyRequest, status: Status | undefined): number => {
    const project = projectOf(store, request.params);
    const inputs = inputsOf(request.query);
    const filter = filterOf(inputs, status);
    const iteration = askedIteration(store, project, inputs);
    if (iteration) {
      return isEmptyInIteration(filter)
        ? 0
        : store.iterationImages.count(iteration.id, filter.tagIds);
    }
    const { tagIds, metadata } = filter;
    if (tagIds === undefined && metadata === undefined) {
      const { imageCount, taggedCount } = project;
      if (filter.status === 'Tagged') return taggedCount;
      return filter.status === 'Untagged' ? imageCount - taggedCount : imageCount;
    }
    const [only, ...more] = tagIds ?? [];
    if (only !== undefined && more.length === 0 && !metadata && filter.status !== 'Untagged') {
      return store.tags.get(project.id, only)?.imageCount ?? 0;
    }
    return store.images.count(project.id, filter);
  };

  const lists: Readonly<Record<string, Status | undefined>> = {
    '': undefined,
    '/tagged': 'Tagged',
    '/untagged': 'Untagged',
  };
  for (const [name, status] of Object.entries(lists)) {
    server.get(`${path}${name}`, async (request) => list(request, status));
    // Written out: a bare number would be taken for a status.
    server.get(`${path}${name}/count`, async (request, reply) =>
      reply.type('application/json; charset=utf-8').send(JSON.stringify(count(request, status))),
    );
  }

  server.get(`${path}/id`, async (request) => {
    const project = projectOf(store, request.params);
    const inputs = inputsOf(request.query);
    const ids = inputs.ids('imageIds', limits.imagesPerPage) ?? [];
    const linksFor = pictureLinks(signer, request);
    const iteration = askedIteration(store, project, inputs);
    return iteration
      ? store.iterationImages
          .byIds(iteration.id, ids)
          .map((image) => iterationImageAnswer(iteration, image, linksFor))
      : store.images.byIds(project.id, ids).map((image) => imageAnswer(image, linksFor));
  });

  server.delete(path, async (request, reply) => {
    const project = projectOf(store, request.params);
    const inputs = inputsOf(request.query);
    const asked = inputs.ids('imageIds', limits.imagesPerPage);
    const isAll = inputs.flag('allImages');
    const isEverywhere = inputs.flag('allIterations');
    if (isAll === (asked !== undefined)) {
      throw badRequest('BadRequestRequiredParamIsNull', 'Give either imageIds or allImages=true.');
    }
    await removeImages(store, project.id, asked ?? store.images.ids(project.id), isEverywhere);
    return reply.code(isAll || isEverywhere ? 202 : 204).send();
  });
}

function filterOf(inputs: Inputs, status: Status | undefined): ImageFilter {
  const asked = status ?? inputs.choice('taggingStatus', statuses) ?? 'All';
  const tagIds = inputs.ids('tagIds', limits.tagsPerBatch);
  const expression = inputs.text('$filter') ?? inputs.text('filter');
  return {
    ...(asked !== 'All' && { status: asked }),
    ...(tagIds && { tagIds }),
    ...(expression !== undefined && { metadata: parseMetadataExpression(expression) }),
  };
}

/** As the official SDK bounds it. */
export function pageOf(inputs: Inputs): Page {
  return {
    order: inputs.choice('orderBy', ['Newest', 'Oldest'] as const) ?? 'Newest',
    take: inputs.whole('take', {
      least: 0,
      most: limits.imagesPerPage,
      otherwise: limits.imagesPerPageByDefault,
    }),
    skip: inputs.whole('skip', { least: 0, most: 1_000_000_000, otherwise: 0 }),
  };
}

/** An iteration knows the images that it was trained on, so all of them are tagged. */
function isEmptyInIteration({ status, metadata }: ImageFilter): boolean {
  if (metadata) {
    throw badRequest(
      'BadRequestNotSupported',
      'The engine keeps no metadata with an iteration: use $filter without iterationId.',
    );
  }
  return status === 'Untagged';
}

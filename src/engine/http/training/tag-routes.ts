import type { FastifyInstance } from 'fastify';
import { z } from 'zod';

import { limits } from '../../domain/limits.ts';
import { badRequest, serviceErrors } from '../../domain/service-error.ts';
import type { Store } from '../../store/store.ts';
import type { Tag } from '../../store/tag-store.ts';
import { tagTypes } from '../../domain/tag-type.ts';
import type { TagType } from '../../domain/tag-type.ts';
import { tagAnswer } from './answers.ts';
import { descriptionOf, inputsOf, jsonBody, nameOf, renamed } from './inputs.ts';
import { removeTag } from './removal.ts';
import { askedIteration, projectOf } from './lookups.ts';

const changesSchema = z.object({
  name: z.string().nullish(),
  description: z.string().nullish(),
  type: z.string().nullish(),
});

interface Params {
  readonly projectId: string;
  readonly tagId: string;
}

export function addTagRoutes(server: FastifyInstance, { store }: { readonly store: Store }): void {
  server.get('/projects/:projectId/tags', async ({ params, query }) => {
    const project = projectOf(store, params);
    const iteration = askedIteration(store, project, inputsOf(query));
    return (iteration?.tags ?? store.tags.list(project.id)).map(tagAnswer);
  });

  server.post('/projects/:projectId/tags', async ({ params, query }) => {
    const project = projectOf(store, params);
    const inputs = inputsOf(query);
    const name = nameOf('Tag', inputs.required('name'));
    const type = inputs.choice('type', tagTypes, 'BadRequestTagType') ?? 'Regular';
    const description = descriptionOf('Tag', inputs.text('description') ?? '');
    const others = store.tags.list(project.id);
    if (others.length >= limits.tagsPerProject) {
      throw badRequest(
        'BadRequestExceedTagPerProjectLimit',
        `A project may have at most ${limits.tagsPerProject} tags.`,
      );
    }
    checkUnique(others, { name, type });
    return tagAnswer(store.tags.create(project.id, { name, type, description }));
  });

  server.get<{ Params: Params }>('/projects/:projectId/tags/:tagId', async ({ params, query }) => {
    const project = projectOf(store, params);
    const iteration = askedIteration(store, project, inputsOf(query));
    const tag = iteration
      ? iteration.tags.find(({ id }) => id === params.tagId.toLowerCase())
      : store.tags.get(project.id, params.tagId);
    if (!tag) throw serviceErrors.tagNotFound();
    return tagAnswer(tag);
  });

  server.patch<{ Params: Params }>('/projects/:projectId/tags/:tagId', async (request) => {
    const project = projectOf(store, request.params);
    const tag = store.tags.get(project.id, request.params.tagId);
    if (!tag) throw serviceErrors.tagNotFound();
    const changes = jsonBody(request.body, changesSchema);
    const next = {
      name: renamed('Tag', tag.name, changes.name),
      description: descriptionOf('Tag', changes.description ?? tag.description),
      type: tagType(changes.type ?? tag.type),
    };
    checkUnique(
      store.tags.list(project.id).filter(({ id }) => id !== tag.id),
      next,
    );
    if (next.type === 'Negative' && tag.type !== 'Negative') checkNegative(store, tag);
    const changed = store.tags.update(project.id, tag.id, next);
    if (!changed) throw serviceErrors.tagNotFound();
    return tagAnswer(changed);
  });

  server.delete<{ Params: Params }>('/projects/:projectId/tags/:tagId', async (request, reply) => {
    const project = projectOf(store, request.params);
    if (!(await removeTag(store, project.id, request.params.tagId)))
      throw serviceErrors.tagNotFound();
    return reply.code(204).send();
  });
}

function tagType(text: string): TagType {
  const type = tagTypes.find((each) => each === text);
  if (!type)
    throw badRequest('BadRequestTagType', `A tag's type is one of ${tagTypes.join(', ')}.`);
  return type;
}

const onlyOnes: Partial<Record<TagType, string>> = {
  Negative: 'BadRequestMultipleNegativeTag',
  GeneralProduct: 'BadRequestMultipleGeneralProductTag',
};

/** Of a tag that is to teach nothing from now on. @throws ServiceError */
function checkNegative(store: Store, { id, name }: Tag): void {
  if (store.tags.hasRegions(id)) {
    throw badRequest(
      'BadRequestTagType',
      `"${name}" has regions, which show something: it cannot be the Negative tag.`,
    );
  }
  if (store.tags.sharesImages(id)) {
    throw badRequest(
      'BadRequestNegativeAndRegularTagOnSameImage',
      `"${name}" has images with other tags as well. Take one or the other away from them first.`,
    );
  }
}

function checkUnique(others: readonly Tag[], { name, type }: Pick<Tag, 'name' | 'type'>): void {
  if (others.some((other) => other.name === name)) {
    throw badRequest('BadRequestTagNameNotUnique', `The project has a tag "${name}" already.`);
  }
  const code = onlyOnes[type];
  const same = code && others.find((other) => other.type === type);
  if (same) {
    throw badRequest(code, `A project may have one ${type} tag, and "${same.name}" is it already.`);
  }
}

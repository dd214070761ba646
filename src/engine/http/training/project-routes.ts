import type { FastifyInstance } from 'fastify';
import { z } from 'zod';

import { domains, findDomain } from '../../domain/domains.ts';
import type { Domain } from '../../domain/domains.ts';
import type { ModelExports } from '../../export/model-exports.ts';
import { badRequest, serviceErrors } from '../../domain/service-error.ts';
import type { ProjectSettings } from '../../store/project-store.ts';
import type { Store } from '../../store/store.ts';
import { projectAnswer } from './answers.ts';
import type { PathSigner } from '../signed-paths.ts';
import { descriptionOf, inputsOf, jsonBody, nameOf, renamed } from './inputs.ts';
import { checkRoomFor, nameNotUnique } from './new-project.ts';
import { pictureLinks } from './picture-links.ts';
import { removeProject } from './removal.ts';
import { domainOf, isDetection, projectOf } from './lookups.ts';

const classificationTypes = ['Multiclass', 'Multilabel'] as const;
const platforms = ['CoreML', 'TensorFlow', 'DockerFile', 'ONNX', 'VAIDK', 'OpenVino'] as const;

const optionsSchema = z
  .object({
    exportModelContainerUri: z.string().nullish(),
    notificationQueueUri: z.string().nullish(),
  })
  .nullable();

const changesSchema = z.object({
  name: z.string().nullish(),
  description: z.string().nullish(),
  settings: z
    .object({
      domainId: z.string().nullish(),
      classificationType: z.string().nullish(),
      targetExportPlatforms: z.array(z.string()).nullish(),
      imageProcessingSettings: z
        .object({ augmentationMethods: z.record(z.string(), z.boolean()).nullish() })
        .nullish(),
    })
    .nullish(),
});

export interface ProjectRoutesOptions {
  readonly store: Store;
  readonly modelExports: ModelExports;
  readonly signer: PathSigner;
}

export function addProjectRoutes(
  server: FastifyInstance,
  { store, signer, modelExports }: ProjectRoutesOptions,
): void {
  server.get('/projects', async (request) => {
    const linksFor = pictureLinks(signer, request);
    return store.projects
      .list()
      .map((project) => projectAnswer(project, newestPhoto(store, project.id), linksFor));
  });

  server.post('/projects', async (request) => {
    const inputs = inputsOf(request.query);
    const name = nameOf('Project', inputs.required('name'));
    const description = descriptionOf('Project', inputs.text('description') ?? '');
    const domain = knownDomain(inputs.text('domainId') ?? domains[0].id);
    // Not found: what the service takes where nothing is said. Its first version knew only this.
    const classificationType =
      inputs.choice(
        'classificationType',
        classificationTypes,
        'BadRequestProjectUnknownClassification',
      ) ?? 'Multilabel';
    const targetExportPlatforms = knownPlatforms(inputs.list('targetExportPlatforms') ?? []);
    refuseAzureStorage(request.body);
    checkRoomFor(store, name);
    const project = store.projects.create({
      name,
      description,
      domainId: domain.id,
      classificationType,
      settings: { targetExportPlatforms },
    });
    return projectAnswer(project, undefined, pictureLinks(signer, request));
  });

  server.get('/projects/:projectId', async (request) => {
    const project = projectOf(store, request.params);
    return projectAnswer(project, newestPhoto(store, project.id), pictureLinks(signer, request));
  });

  server.patch('/projects/:projectId', async (request) => {
    const project = projectOf(store, request.params);
    const { name, description, settings } = jsonBody(request.body, changesSchema);
    const next = {
      name: renamed('Project', project.name, name),
      description: descriptionOf('Project', description ?? project.description),
      domainId: settings?.domainId ? knownDomain(settings.domainId).id : project.domainId,
      classificationType: settings?.classificationType
        ? knownClassification(settings.classificationType)
        : project.classificationType,
      settings: changedSettings(project.settings, settings ?? {}),
    };
    const namesake = store.projects.named(next.name);
    if (namesake && namesake.id !== project.id) throw nameNotUnique(next.name);
    if (domainOf(next)?.type !== domainOf(project)?.type) {
      throw badRequest(
        'BadRequestProjectUnsupportedDomainTypeChange',
        'A project for classification cannot become one for object detection, nor the reverse.',
      );
    }
    if (
      next.classificationType === 'Multiclass' &&
      project.classificationType === 'Multilabel' &&
      !isDetection(project) &&
      store.projects.hasImagesOfSeveralTags(project.id)
    ) {
      throw badRequest(
        'BadRequestImageTags',
        'Some images have several tags; a multiclass project allows one tag an image.',
      );
    }
    const changed = store.projects.update(project.id, next);
    if (!changed) throw serviceErrors.projectNotFound();
    return projectAnswer(changed, newestPhoto(store, project.id), pictureLinks(signer, request));
  });

  server.delete('/projects/:projectId', async (request, reply) => {
    const project = projectOf(store, request.params);
    const iterationIds = store.iterations.list(project.id).map(({ id }) => id);
    await removeProject(store, project.id);
    await modelExports.forget(iterationIds);
    return reply.code(204).send();
  });
}

function newestPhoto(store: Store, projectId: string): string | undefined {
  return store.images.list(projectId, {}, { order: 'Newest', take: 1, skip: 0 })[0]?.photo;
}

function knownDomain(id: string): Domain {
  const domain = domains.find((each) => each.id === id.toLowerCase()) ?? findDomain(id);
  if (!domain) {
    throw badRequest('BadRequestProjectUnknownDomain', 'There is no domain with this id.');
  }
  return domain;
}

function knownClassification(text: string) {
  const type = classificationTypes.find((each) => each === text);
  if (!type) {
    throw badRequest(
      'BadRequestProjectUnknownClassification',
      `A classification type is one of ${classificationTypes.join(', ')}.`,
    );
  }
  return type;
}

function knownPlatforms(names: readonly string[]): readonly string[] {
  const unknown = names.find((name) => !platforms.some((platform) => platform === name));
  if (unknown !== undefined) {
    throw badRequest(
      'BadRequestProjectUnsupportedExportPlatform',
      `An export platform is one of ${platforms.join(', ')}.`,
    );
  }
  return names;
}

function changedSettings(
  old: ProjectSettings,
  {
    targetExportPlatforms,
    imageProcessingSettings,
  }: NonNullable<z.infer<typeof changesSchema>['settings']>,
): ProjectSettings {
  const methods = imageProcessingSettings?.augmentationMethods;
  return {
    ...old,
    ...(targetExportPlatforms && { targetExportPlatforms: knownPlatforms(targetExportPlatforms) }),
    ...(methods && { imageProcessing: { augmentationMethods: methods } }),
  };
}

// An empty body comes as no body, as an empty one, or as the JSON null.
function refuseAzureStorage(body: unknown): void {
  if (!Buffer.isBuffer(body) || body.byteLength === 0) return;
  const options = jsonBody(body, optionsSchema);
  if (options?.exportModelContainerUri || options?.notificationQueueUri) {
    throw badRequest(
      'BadRequestNotSupported',
      'The engine does not export into Azure storage, nor does it send notifications there.',
    );
  }
}

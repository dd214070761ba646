import { exportablePlatforms } from '../../domain/domains.ts';
import type { Domain } from '../../domain/domains.ts';
import type { Image, ImageRegion, ImageTag } from '../../store/image-store.ts';
import type { IterationImage, Label } from '../../store/iteration-image-store.ts';
import type { Iteration } from '../../store/iteration-store.ts';
import type { Project } from '../../store/project-store.ts';
import type { Tag } from '../../store/tag-store.ts';
import type { PictureLinks } from './picture-links.ts';
import { domainOf } from './lookups.ts';

export function domainAnswer(domain: Domain) {
  const platforms = exportablePlatforms(domain);
  return {
    id: domain.id,
    name: domain.title,
    type: domain.type,
    exportable: platforms.length > 0,
    enabled: true,
    exportablePlatforms: platforms,
    modelInformation: null,
  };
}

export function projectAnswer(project: Project, photo: string | undefined, links: PictureLinks) {
  const { settings } = project;
  return {
    id: project.id,
    name: project.name,
    description: project.description,
    settings: {
      domainId: project.domainId,
      classificationType: project.classificationType,
      targetExportPlatforms: settings.targetExportPlatforms ?? [],
      useNegativeSet: true,
      detectionParameters: null,
      imageProcessingSettings: {
        augmentationMethods: settings.imageProcessing?.augmentationMethods ?? {},
      },
    },
    created: project.createdAt,
    lastModified: project.modifiedAt,
    thumbnailUri: photo === undefined ? null : links(photo, 'thumbnail'),
    drModeEnabled: false,
    status: project.status,
  };
}

export function tagAnswer({ id, name, description, type, imageCount }: Tag) {
  return { id, name, description, type, imageCount };
}

export function iterationAnswer(iteration: Iteration) {
  const domain = domainOf(iteration);
  const platforms = domain && iteration.status === 'Completed' ? exportablePlatforms(domain) : [];
  return {
    id: iteration.id,
    name: iteration.name,
    status: iteration.status,
    created: iteration.createdAt,
    lastModified: iteration.modifiedAt,
    trainedAt: iteration.trainedAt,
    projectId: iteration.projectId,
    exportable: platforms.length > 0,
    exportableTo: platforms,
    domainId: iteration.domainId,
    classificationType: iteration.classificationType,
    trainingType: iteration.trainingType,
    reservedBudgetInHours: iteration.reservedHours,
    trainingTimeInMinutes: Math.ceil(iteration.trainingMs / 60_000),
    publishName: iteration.publishedName,
    originalPublishResourceId: iteration.publishResource,
    customBaseModelInfo: null,
    trainingErrorDetails: iteration.errorDetails,
  };
}

export function imageTagAnswer({ tagId, tagName, createdAt }: ImageTag) {
  return { tagId, tagName, created: createdAt };
}

export function imageRegionAnswer({ regionId, tagId, tagName, createdAt, ...box }: ImageRegion) {
  const { left, top, width, height } = box;
  return { regionId, tagName, created: createdAt, tagId, left, top, width, height };
}

export function imageAnswer(image: Image, links: PictureLinks) {
  return {
    id: image.id,
    created: image.createdAt,
    width: image.width,
    height: image.height,
    resizedImageUri: links(image.photo, 'resized'),
    thumbnailUri: links(image.photo, 'thumbnail'),
    originalImageUri: links(image.photo, 'original'),
    tags: image.tags.map(imageTagAnswer),
    regions: image.regions.map(imageRegionAnswer),
    metadata: image.metadata,
  };
}

/** An image with the tags and regions that an iteration was trained on. */
export function iterationImageAnswer(
  iteration: Iteration,
  { imageId, labels, createdAt, ...image }: IterationImage,
  links: PictureLinks,
) {
  return imageAnswer(
    { ...image, id: imageId, createdAt, metadata: {}, ...labelsOf(iteration, labels, createdAt) },
    links,
  );
}

/** When a label was set is not kept with the iteration; its image's time stands for it. */
export function labelsOf(
  { tags }: Pick<Iteration, 'tags'>,
  labels: readonly Label[],
  createdAt: string,
): Pick<Image, 'tags' | 'regions'> {
  const names = new Map(tags.map(({ id, name }) => [id, name]));
  const nameOf = (tagId: string): string => names.get(tagId) ?? '';
  return {
    tags: [...new Set(labels.map(({ tagId }) => tagId))].map((tagId) => ({
      tagId,
      tagName: nameOf(tagId),
      createdAt,
    })),
    regions: labels.flatMap(({ regionId, tagId, left, top, width, height }) =>
      left === undefined || top === undefined || width === undefined || height === undefined
        ? []
        : {
            regionId: regionId ?? tagId,
            tagId,
            tagName: nameOf(tagId),
            createdAt,
            left,
            top,
            width,
            height,
          },
    ),
  };
}

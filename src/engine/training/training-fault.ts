import { limits } from '../domain/limits.ts';
import type { ClassificationType } from '../store/project-store.ts';
import type { Tag } from '../store/tag-store.ts';

/** A training that ended as it should not; the message says in plain words what to do. */
export class TrainingError extends Error {
  override readonly name = 'TrainingError';
}

export interface TrainingSet {
  readonly isDetection: boolean;
  readonly classificationType: ClassificationType;
  readonly tags: readonly Pick<Tag, 'name' | 'type' | 'imageCount'>[];
  /** Photos with more than one tag. */
  readonly severalTags: number;
}

/** Why nothing can be learned of these tags, or undefined. */
export function trainingSetFault(trainingSet: TrainingSet): string | undefined {
  const { isDetection, classificationType, tags, severalTags } = trainingSet;
  const negative = tags.filter(({ type }) => type === 'Negative');
  if (isDetection && negative.length > 0) {
    return (
      `The project detects objects, and has the Negative tag ${names(negative)}: take it out, ` +
      'for what lies outside the regions is taught as nothing already.'
    );
  }
  const regular = tags.filter(({ type }) => type !== 'Negative');
  if (tags.length < limits.tagsToTrain || regular.length === 0) {
    const found = tags.length === 0 ? 'none' : `only ${names(tags)}`;
    return `The project needs at least ${limits.tagsToTrain} tags to be trained; it has ${found}.`;
  }
  const least = isDetection ? limits.photosPerDetectionTag : limits.photosPerTag;
  const short = regular.filter(({ imageCount }) => imageCount < least);
  if (short.length > 0) {
    const counted = short.map(({ name, imageCount }) => `"${name}" (${imageCount})`).join(', ');
    return `Each tag needs at least ${least} images to be trained. Too few: ${counted}.`;
  }
  if (!isDetection && classificationType === 'Multiclass' && severalTags > 0) {
    const images = severalTags === 1 ? 'An image has' : `${severalTags} images have`;
    return (
      `${images} more than one tag, but the tags of a Multiclass project exclude one another. ` +
      'Take the other tags away, or make the project Multilabel.'
    );
  }
  return undefined;
}

function names(tags: readonly { readonly name: string }[]): string {
  return tags.map(({ name }) => `"${name}"`).join(', ');
}

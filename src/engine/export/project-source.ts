import type { Box } from '../domain/box.ts';
import type { IterationImage } from '../store/iteration-image-store.ts';
import type { Iteration } from '../store/iteration-store.ts';
import type { NewProject } from '../store/project-store.ts';
import type { TagType } from '../domain/tag-type.ts';

export interface SourceTag {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly type: TagType;
}

/** With the tags' ids of the source. */
export interface SourceImage {
  readonly id: string;
  readonly photo: string;
  readonly width: number;
  readonly height: number;
  readonly metadata: Readonly<Record<string, string>>;
  readonly tagIds: readonly string[];
  readonly regions: readonly (Box & { readonly tagId: string })[];
}

export type SourceIteration = Omit<
  Iteration,
  'id' | 'projectId' | 'publishedName' | 'publishResource' | 'contentRevision'
> & {
  readonly head: Uint8Array | null;
  /** Whether it was trained on what the project holds. */
  readonly isCurrent: boolean;
};

/** A project that can be brought into a store, photo by photo. */
export interface ProjectSource {
  readonly project: NewProject;
  readonly tags: readonly SourceTag[];
  /** `take` is called while the photos of the batch are kept and will not go. */
  readonly eachBatch: (take: (images: readonly SourceImage[]) => void) => Promise<void>;
  /** Oldest first; the images of each come after it, in batches. */
  readonly eachIteration: (visitor: IterationVisitor) => Promise<void>;
}

export interface IterationVisitor {
  /** False where it is not wanted: its images are then left out. */
  readonly begin: (iteration: SourceIteration) => boolean;
  readonly images: (images: readonly IterationImage[]) => void;
  readonly end: () => void;
}

import { limits } from '../../domain/limits.ts';
import { checkPicture, decodePicture, PictureError } from '../../model/picture.ts';
import type { PictureFault } from '../../model/picture.ts';
import { createSemaphore } from '../semaphore.ts';

export type RefusedStatus =
  'ErrorSource' | 'ErrorImageFormat' | 'ErrorImageSize' | 'ErrorImageDimensions';

/** What became of one uploaded picture. */
export type UploadResult =
  | {
      readonly kind: 'kept';
      readonly photo: string;
      readonly width: number;
      readonly height: number;
    }
  | { readonly kind: 'refused'; readonly status: RefusedStatus };

/** Checks a picture, to the last pixel, and keeps it; undefined stands for one that is too large. */
export type TakeIn = (
  bytes: Buffer | undefined,
  keep: (bytes: Uint8Array) => Promise<string>,
) => Promise<UploadResult>;

const statuses: Record<PictureFault, RefusedStatus> = {
  empty: 'ErrorImageFormat',
  format: 'ErrorImageFormat',
  truncated: 'ErrorImageFormat',
  bytes: 'ErrorImageSize',
  dimensions: 'ErrorImageDimensions',
};

export function createIntake(): TakeIn {
  // Who waits here has a place among the uploads already, so none is ever refused.
  const enterDecoder = createSemaphore(
    { running: limits.runningDecodes, waiting: Infinity },
    () => new Error('The decoder is full.'),
  );
  return async (bytes, keep) => {
    if (!bytes) return { kind: 'refused', status: 'ErrorImageSize' };
    try {
      checkPicture(bytes, limits.trainingPictureBytes);
      const { width, height } = await enterDecoder(() => decodePicture(bytes));
      return { kind: 'kept', photo: await keep(bytes), width, height };
    } catch (error) {
      if (error instanceof PictureError) return { kind: 'refused', status: statuses[error.fault] };
      throw error;
    }
  };
}

/** Does so many things at once and gives their results in the order in which they were put in. */
export interface BoundedQueue<T> {
  /** Waits for room. @throws what one of those before has failed with. */
  readonly put: (task: () => Promise<T>) => Promise<void>;
  readonly results: () => Promise<T[]>;
  /** Resolves when nothing is under way any more, whatever came of it. */
  readonly settled: () => Promise<unknown>;
}

export function createBoundedQueue<T>(most: number): BoundedQueue<T> {
  const all: Promise<T>[] = [];
  const underWay = new Set<Promise<T>>();
  return {
    async put(task) {
      while (underWay.size >= most) await Promise.race(underWay);
      const work = task();
      all.push(work);
      underWay.add(work);
      const leave = (): void => void underWay.delete(work);
      work.then(leave, leave);
    },
    results: () => Promise.all(all),
    settled: () => Promise.allSettled(all),
  };
}

import { photoName } from './photo-files.ts';
import type { PhotoFiles } from './photo-files.ts';

export interface PhotoLease {
  /**
   * What `work` keeps stays at least until it ends, so that it can refer to it meanwhile; what it
   * has not referred to by then, because it failed or found a twin, is taken away again.
   */
  readonly keeping: <T>(work: (keep: PhotoFiles['keep']) => Promise<T>) => Promise<T>;
  /** Takes away those that nothing refers to any more. */
  readonly dropUnused: (names: readonly string[]) => Promise<void>;
}

export interface PhotoLeaseOptions {
  readonly isUsed: (name: string) => boolean;
  /** Forgets what else is known of photos that are going. */
  readonly forget: (names: readonly string[]) => void;
}

/**
 * Joins files and rows, which no transaction holds together: a photo that one request removes as
 * the last of its kind may be the one that another is about to refer to.
 */
export function createPhotoLease(
  photos: PhotoFiles,
  { isUsed, forget }: PhotoLeaseOptions,
): PhotoLease {
  const holds = new Map<string, number>();
  const removals = new Map<string, Promise<void>>();

  const remove = (name: string): Promise<void> => {
    const removal = photos.remove(name).finally(() => removals.delete(name));
    removals.set(name, removal);
    return removal;
  };

  const dropUnused = async (names: readonly string[]): Promise<void> => {
    const unused = [...new Set(names)].filter(
      (name) => !holds.has(name) && !removals.has(name) && !isUsed(name),
    );
    forget(unused);
    await Promise.all(unused.map(remove));
  };

  const release = (name: string): void => {
    const others = (holds.get(name) ?? 1) - 1;
    if (others === 0) holds.delete(name);
    else holds.set(name, others);
  };

  return {
    dropUnused,
    async keeping(work) {
      const held: string[] = [];
      try {
        return await work(async (bytes) => {
          const name = photoName(bytes);
          held.push(name);
          holds.set(name, (holds.get(name) ?? 0) + 1);
          await removals.get(name)?.catch(() => undefined);
          return photos.keep(bytes);
        });
      } finally {
        held.forEach(release);
        // A file too many is swept at the next start; it must not undo what was done.
        await dropUnused(held).catch(() => undefined);
      }
    },
  };
}

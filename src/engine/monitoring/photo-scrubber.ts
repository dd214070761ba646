import { setTimeout as pause } from 'node:timers/promises';

import { limits } from '../domain/limits.ts';
import type { LogWriter } from '../../shared/log.ts';
import { PhotoError } from '../store/photo-files.ts';
import type { Store } from '../store/store.ts';

export interface PhotoScrubberOptions {
  readonly store: Pick<Store, 'photos' | 'references'>;
  readonly onEvent: LogWriter;
  readonly onFault: (error: unknown) => void;
  readonly pauseMs?: number;
  /** After which what was damaged is looked at again. */
  readonly recheckMs?: number;
}

export interface PhotoScrubber {
  /** How many are damaged or gone, as far as it is known. */
  readonly damaged: () => number;
  readonly stop: () => Promise<void>;
}

const take = 200;

/**
 * Reads the photos that something refers to one after another, at a pace that nobody feels, and
 * tells those whose files are gone or changed. A disk fails in silence, and a photo is asked for
 * only when the next training is.
 */
export function scrubPhotos({
  store,
  onEvent,
  onFault,
  pauseMs = limits.photoCheckPauseMs,
  recheckMs = limits.photoRecheckMs,
}: PhotoScrubberOptions): PhotoScrubber {
  const damaged = new Set<string>();
  const ending = new AbortController();
  const rest = (ms: number) => pause(ms, undefined, { ref: false, signal: ending.signal });

  const look = async (photo: string): Promise<void> => {
    try {
      await store.photos.read(photo);
      if (damaged.delete(photo)) onEvent({ level: 'info', event: 'photo-healed', photo });
    } catch (error) {
      if (!(error instanceof PhotoError)) throw error;
      if (damaged.has(photo)) return;
      // It may have been deleted since its name was read.
      if (!store.references.isUsed(photo)) return;
      damaged.add(photo);
      onEvent({
        level: 'error',
        event: 'photo-damaged',
        message: error.message,
        photo,
        images: store.references.imagesOf(photo),
      });
    }
  };

  const lookAgain = async (): Promise<void> => {
    for (const photo of damaged) {
      if (store.references.isUsed(photo)) await look(photo);
      else damaged.delete(photo);
    }
  };

  const lookThrough = async (): Promise<void> => {
    let names = store.references.inUse('', take);
    while (names.length > 0) {
      for (const photo of names) {
        await look(photo);
        await rest(pauseMs);
      }
      names = store.references.inUse(names.at(-1) ?? '', take);
    }
  };

  // A fault is told and ends one look alone: the next day's may come through.
  const guarded = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      if (!ending.signal.aborted) onFault(error);
    }
  };

  const watch = async (): Promise<void> => {
    for (;;) {
      await guarded(lookThrough);
      for (let ms = 0; ms < limits.photoCheckRestMs; ms += recheckMs) {
        await rest(recheckMs);
        await guarded(lookAgain);
      }
    }
  };

  // It ends by `stop`, in the midst of a rest.
  const watching = watch().catch(() => undefined);
  return {
    damaged: () => damaged.size,
    async stop() {
      ending.abort();
      await watching;
    },
  };
}

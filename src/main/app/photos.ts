/** Photos of this run by id, the newest few only: what the window still shows, in memory alone. */
export interface Photos {
  readonly keep: (id: string, jpeg: Uint8Array) => void;
  readonly get: (id: string) => Uint8Array | null;
  readonly clear: () => void;
}

/** Keeps at most `limit` photos; the oldest goes first. */
export function createPhotos(limit: number): Photos {
  const photos = new Map<string, Uint8Array>();
  return {
    keep: (id, jpeg) => {
      photos.delete(id);
      photos.set(id, jpeg);
      for (const oldest of photos.keys()) {
        if (photos.size <= limit) break;
        photos.delete(oldest);
      }
    },
    get: (id) => photos.get(id) ?? null,
    clear: () => photos.clear(),
  };
}

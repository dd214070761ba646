import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

export type PictureVariant = 'thumbnail' | 'resized';

const variants: readonly PictureVariant[] = ['thumbnail', 'resized'];

/** Smaller copies of photos, as JPEG; each can be made again, so none is worth a flush to the disk. */
export interface PictureVariants {
  readonly read: (photo: string, variant: PictureVariant) => Promise<Buffer | undefined>;
  readonly keep: (photo: string, variant: PictureVariant, bytes: Uint8Array) => Promise<void>;
  readonly remove: (photo: string) => Promise<void>;
}

export function openPictureVariants(dataDir: string): PictureVariants {
  const pathOf = (photo: string, variant: PictureVariant): string =>
    join(dataDir, 'thumbnails', photo.slice(0, 2), `${photo}-${variant}.jpg`);
  return {
    async read(photo, variant) {
      try {
        const bytes = await readFile(pathOf(photo, variant));
        // A power cut may leave an empty file behind.
        return bytes.byteLength > 0 ? bytes : undefined;
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
        throw error;
      }
    },
    async keep(photo, variant, bytes) {
      const path = pathOf(photo, variant);
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      const temporary = `${path}.${randomUUID()}.part`;
      await writeFile(temporary, bytes, { mode: 0o600 });
      await rename(temporary, path);
    },
    async remove(photo) {
      await Promise.all(variants.map((variant) => rm(pathOf(photo, variant), { force: true })));
    },
  };
}

import { ServiceError, serviceErrors } from '../domain/service-error.ts';
import { PictureError } from '../model/picture.ts';
import type { PictureFault } from '../model/picture.ts';
import { PhotoError } from '../store/photo-files.ts';

const pictureCodes: Record<PictureFault, string> = {
  empty: 'BadRequestImageStream',
  format: 'BadRequestImageFormat',
  truncated: 'BadRequestImageFormat',
  bytes: 'BadRequestImageSizeBytes',
  dimensions: 'BadRequestImageDimensions',
};

export function toServiceError(error: unknown): ServiceError | undefined {
  if (error instanceof ServiceError) return error;
  if (error instanceof PictureError) {
    return new ServiceError(400, pictureCodes[error.fault], error.message);
  }
  if (error instanceof PhotoError) return new ServiceError(500, 'ErrorUnknown', error.message);
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  const code = String(error.code);
  if (unwritable.has(code)) return serviceErrors.diskFull();
  return busyDatabase.test(code) ? serviceErrors.dataBusy() : undefined;
}

/** What the system and SQLite call a disk that takes nothing more. */
const unwritable = new Set(['ENOSPC', 'EDQUOT', 'EROFS', 'SQLITE_FULL', 'SQLITE_READONLY']);
/** With what SQLite adds to it where a transaction began as one that only reads. */
const busyDatabase = /^SQLITE_BUSY(?:_|$)/;

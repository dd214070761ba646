import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';

/** Writes what comes to the path: all of it, on the disk, or no file at all. */
export async function writeWholeFile(path: string, source: NodeJS.ReadableStream): Promise<void> {
  const temporary = `${path}.${randomUUID()}.part`;
  try {
    await pipeline(source, createWriteStream(temporary, { flags: 'wx', mode: 0o600, flush: true }));
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

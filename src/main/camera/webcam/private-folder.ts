import { accessSync, constants } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const prefix = 'freshlane-webcam-';

/** In memory where the system has such a place: pictures of a shop are not for its disk. */
export function candidateFolders(environment: NodeJS.ProcessEnv): readonly string[] {
  return ['/dev/shm', environment['XDG_RUNTIME_DIR'] ?? '', tmpdir()];
}

/** fswebcam expands % in a path, node-webcam splits at spaces; a backslash is a Windows separator. */
export function isPlainPath(path: string): boolean {
  return /^(?:[A-Za-z]:)?[\w/\\.-]+$/.test(path);
}

/**
 * Makes a new folder that only this user can enter, in the first candidate that can be written to.
 * Folders left behind by a process that was killed are taken away.
 */
export async function makePrivateFolder(candidates: readonly string[]): Promise<string> {
  const parent = candidates.find((path) => isPlainPath(path) && isWritable(path));
  if (parent === undefined) {
    throw new Error(`No folder for the camera's pictures among ${candidates.join(', ')}.`);
  }
  await removeAbandoned(parent);
  // mkdtemp gives mode 700 and letters and digits only.
  return mkdtemp(join(parent, `${prefix}${process.pid}-`));
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function removeAbandoned(parent: string): Promise<void> {
  const names = await readdir(parent).catch(() => []);
  const abandoned = names.filter((name) => {
    const owner = name.startsWith(prefix) ? /^(\d+)-/.exec(name.slice(prefix.length))?.[1] : null;
    return typeof owner === 'string' && !isAlive(Number(owner));
  });
  await Promise.all(
    abandoned.map((name) =>
      // Another user's folder stays; that is not this camera's trouble.
      rm(join(parent, name), { recursive: true, force: true }).catch(() => undefined),
    ),
  );
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

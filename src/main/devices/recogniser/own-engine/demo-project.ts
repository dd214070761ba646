import { cp, mkdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

const stampName = '.freshlane-demo';

/**
 * Lays the project that set-up trained into the kiosk's own engine folder, anew when it changed. Throws
 * where an engine lies there that somebody else has taught.
 */
export async function provideDemoProject(source: string, target: string): Promise<void> {
  const [theirs, ours] = await Promise.all([stampOf(source), stampOf(target)]);
  if (theirs === null) {
    throw new Error(`The demo shop's project is not in ${source}; run the set-up again.`);
  }
  if (theirs === ours) return;
  if (ours === null && (await exists(join(target, 'engine.db')))) {
    throw new Error(
      `${target} is not the demo shop's engine; move it away, or set recogniser.kind.`,
    );
  }
  // Made beside it, so that a copy that was cut short never passes for an engine.
  const fresh = `${target}.new`;
  await rm(fresh, { recursive: true, force: true });
  await mkdir(fresh, { recursive: true, mode: 0o700 });
  await cp(source, fresh, { recursive: true });
  await rm(target, { recursive: true, force: true });
  await rename(fresh, target);
}

function stampOf(folder: string): Promise<string | null> {
  return readFile(join(folder, stampName), 'utf8').catch(() => null);
}

function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}

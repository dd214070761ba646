import { cp, mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Lays the project that set-up trained into the kiosk's own engine folder, anew when it changed. */
export async function provideDemoProject(source: string, target: string): Promise<void> {
  const stampName = '.freshlane-demo';
  const [theirs, ours] = await Promise.all(
    [source, target].map((folder) => readFile(join(folder, stampName), 'utf8').catch(() => null)),
  );
  if (theirs === null || theirs === undefined) {
    throw new Error(`The demo shop's project is not in ${source}; run the set-up again.`);
  }
  if (theirs === ours) return;
  await rm(target, { recursive: true, force: true });
  await mkdir(target, { recursive: true, mode: 0o700 });
  // The stamp comes last: a copy that was cut short is made anew.
  await cp(source, target, {
    recursive: true,
    filter: (path) => !path.endsWith(stampName),
  });
  await cp(join(source, stampName), join(target, stampName));
}

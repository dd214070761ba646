import { onTestFinished } from 'vitest';

import { makeFolder, removeFolder } from './folders.ts';

/** A new folder that goes away with the test. */
export function temporaryFolder(): string {
  const folder = makeFolder();
  onTestFinished(() => removeFolder(folder));
  return folder;
}

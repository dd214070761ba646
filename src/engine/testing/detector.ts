import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { defaultDetectorDir } from '../process/model-dir.ts';

/** Whether the set-up could make the detector, which needs npm; tests that need it look here. */
export function hasDetector(): boolean {
  const found = existsSync(join(defaultDetectorDir(import.meta.url), 'detector.json'));
  if (!found) process.stderr.write('No detector was made at set-up: its tests are skipped.\n');
  return found;
}

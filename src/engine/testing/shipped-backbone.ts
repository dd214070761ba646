import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { defaultModelDir } from '../process/model-dir.ts';

const file = join(defaultModelDir(import.meta.url), 'backbone.json');
const { id, output } = JSON.parse(readFileSync(file, 'utf8')) as {
  id: string;
  output: { count: number };
};

/** The backbone that the engine runs unless it is told of another. */
export const shippedBackbone = { id, featureCount: output.count };

import { fileURLToPath } from 'node:url';

/** The page as it was built beside the program at `entryUrl`. */
export function builtPageDir(entryUrl: string): string {
  return fileURLToPath(new URL('../engine-page', entryUrl));
}

import { readFileSync } from 'node:fs';

/** Where a key is: given as it is, or the first line of a file, which no list of processes shows. */
export type KeySource =
  | { readonly kind: 'text'; readonly key: string }
  | { readonly kind: 'file'; readonly path: string };

/** A key that cannot be used; the message says why, and never holds the key. */
export class KeyError extends Error {
  override readonly name = 'KeyError';
}

const fewestCharacters = 16;

/** @throws KeyError */
export function readKey(source: KeySource): string {
  if (source.kind === 'text') return source.key;
  let text: string;
  try {
    text = readFileSync(source.path, 'utf8');
  } catch (error) {
    throw new KeyError(`The key file ${source.path} cannot be read.`, { cause: error });
  }
  const lines = text.trim().split(/\r?\n/);
  const [key = ''] = lines;
  if (lines.length > 1 || key === '') {
    throw new KeyError(`The key file ${source.path} must hold one line: the key.`);
  }
  return key;
}

/** Whether an engine may be opened by these keys. @throws KeyError */
export function checkKeys(keys: {
  readonly predictionKey: string;
  readonly trainingKey: string;
}): void {
  for (const [name, key] of [
    ['prediction key', keys.predictionKey],
    ['training key', keys.trainingKey],
  ] as const) {
    if (key.length < fewestCharacters) {
      throw new KeyError(
        `The ${name} has ${key.length} characters; it needs at least ${fewestCharacters}.`,
      );
    }
    // What else there is does not come through a header as it is.
    if (!/^[\x21-\x7e]+$/.test(key)) {
      throw new KeyError(`The ${name} may hold letters, digits and signs of ASCII, and no spaces.`);
    }
  }
  if (keys.predictionKey === keys.trainingKey) {
    throw new KeyError(
      'The prediction key and the training key are the same, so whoever may recognise could also ' +
        'delete. Choose two.',
    );
  }
}

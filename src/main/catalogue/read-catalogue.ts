import { readFile } from 'node:fs/promises';
import { parseCatalogue } from './parse-catalogue.ts';
import type { ParsedCatalogue } from './parse-catalogue.ts';

/** Reads a catalogue file; never rejects: a file that cannot be read is a problem like any other. */
export async function readCatalogue(file: string, currency: string): Promise<ParsedCatalogue> {
  const unusable = (reason: string): ParsedCatalogue => ({
    catalogue: { currency, products: [] },
    problems: [{ line: null, reason }],
  });
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT') return unusable(`the file ${file} is not there`);
    if (code === 'EISDIR') return unusable(`${file} is a folder, not a file`);
    if (code === 'EACCES') return unusable(`the file ${file} may not be read by this user`);
    return unusable(`the file ${file} cannot be read: ${String(error)}`);
  }
  try {
    return await parseCatalogue(new TextDecoder('utf-8', { fatal: true }).decode(bytes), currency);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return unusable('the file is not in UTF-8; save it as "CSV UTF-8"');
  }
}

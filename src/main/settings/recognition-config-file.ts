import { readFile, stat } from 'node:fs/promises';
import { jsonProblem } from './json-problem.ts';

type ConfigFileResult =
  | { readonly kind: 'values'; readonly values: Readonly<Record<string, unknown>> }
  | { readonly kind: 'problem'; readonly message: string };

const largestBytes = 1_000_000;

/** Reads what `--config=FILE` names. The message continues a sentence that begins with the file. */
export async function readConfigFile(path: string): Promise<ConfigFileResult> {
  try {
    const found = await stat(path);
    if (found.isDirectory()) return problem('is a folder, not a file');
    if (found.size > largestBytes) return problem('is over 1 MB: that is no configuration');
    return parseConfigText(await readFile(path, 'utf8'));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') return problem('does not exist');
    if (code === 'EACCES' || code === 'EPERM') return problem('may not be read by this user');
    return problem(`cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** JSON, or the lab's `.env` form: `KEY=value` lines, `#` comments, quotes and `export` allowed. */
export function parseConfigText(text: string): ConfigFileResult {
  const plain = text.replace(/^\uFEFF/, '').trim();
  if (plain === '') return problem('is empty');
  if (/^[[{"]/.test(plain)) return parseJson(plain);
  const values: Record<string, string> = {};
  for (const [index, line] of plain.split(/\r\n|\r|\n/).entries()) {
    const entry = line.trim();
    if (entry === '' || entry.startsWith('#')) continue;
    const match = /^(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*)$/.exec(entry);
    // The line itself is not repeated: it may be a key.
    if (!match) return problem(`has a line ${index + 1} that is not KEY=value`);
    values[match[1] ?? ''] = unquote(match[2] ?? '');
  }
  return { kind: 'values', values };
}

function parseJson(text: string): ConfigFileResult {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    return problem(jsonProblem(text, error));
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    return problem('is JSON, but not an object of settings');
  }
  return { kind: 'values', values: { ...parsed } };
}

function unquote(value: string): string {
  const quoted = /^(["'])(.*?)\1\s*(?:#.*)?$/.exec(value);
  return quoted ? (quoted[2] ?? '') : value.replace(/\s+#.*$/, '').trim();
}

function problem(message: string): ConfigFileResult {
  return { kind: 'problem', message };
}

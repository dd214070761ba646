import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inProject } from './project.mjs';

const fixtures = inProject('scripts', 'fixtures', 'layers');

/** @type {string} */
let sandbox;
/** @type {Map<string, string[]>} the codes that lint names, by file */
const codes = new Map();

beforeAll(() => {
  // The rules go by the path from the configuration's folder.
  sandbox = mkdtempSync(path.join(tmpdir(), 'freshlane-layers-'));
  cpSync(fixtures, sandbox, { recursive: true });
  cpSync(inProject('.oxlintrc.json'), path.join(sandbox, '.oxlintrc.json'));
  const oxlint = inProject('node_modules', 'oxlint', 'bin', 'oxlint');
  const { stdout } = spawnSync(process.execPath, [oxlint, '--format', 'json'], {
    cwd: sandbox,
    encoding: 'utf8',
  });
  for (const { filename, code } of JSON.parse(stdout).diagnostics) {
    const file = filename.split(path.sep).join('/');
    codes.set(file, [...(codes.get(file) ?? []), code]);
  }
});

afterAll(() => rmSync(sandbox, { recursive: true, force: true }));

const files = readdirSync(fixtures, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => path.relative(fixtures, path.join(entry.parentPath, entry.name)))
  .map((file) => file.split(path.sep).join('/'));

/** @param {string} file */
function isInCircle(file) {
  return path.basename(file).startsWith('circle-');
}

describe('lint holds the layers', () => {
  const refused = files.filter((file) => !file.endsWith('allowed.ts'));
  test.each(refused.filter((file) => !isInCircle(file)))('%s is refused', (file) => {
    expect(codes.get(file)).toContain('eslint(no-restricted-imports)');
  });

  test.each(refused.filter(isInCircle))('%s is refused', (file) => {
    expect(codes.get(file)).toContain('import(no-cycle)');
  });

  test.each(files.filter((file) => file.endsWith('allowed.ts')))('%s is let through', (file) => {
    expect(codes.get(file)).toBeUndefined();
  });

  test('each room of the engine has its place in the order', () => {
    const lint = readFileSync(inProject('.oxlintrc.json'), 'utf8');
    const rooms = readdirSync(inProject('src', 'engine'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !['end-to-end', 'testing'].includes(entry.name))
      .map(({ name }) => name)
      // A folder stays behind where all its files have moved.
      .filter((name) => readdirSync(inProject('src', 'engine', name)).length > 0);
    expect(rooms.filter((room) => !lint.includes(`"src/engine/${room}/**"`))).toEqual([]);
  });
});

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inProject } from './project.mjs';

const usesNode = `import { cwd } from 'node:process';\nexport const folder = cwd();\n`;
const usesNodeGlobals = 'export const folder = process.cwd();\n';
const usesDom = 'export const title = document.title;\n';

const all = { usesNode, usesNodeGlobals, usesDom };

// Packages, Electron among them, are told apart by lint.
/** @type {Record<string, readonly (keyof typeof all)[]>} what a process has */
const processes = {
  shared: [],
  engine: ['usesNode', 'usesNodeGlobals'],
  logging: ['usesNode', 'usesNodeGlobals'],
  main: ['usesNode', 'usesNodeGlobals'],
  renderer: ['usesDom'],
};

/** @type {string} */
let sandbox;

beforeAll(() => {
  // Inside the project, so that the packages' types are found.
  mkdirSync(inProject('out'), { recursive: true });
  sandbox = mkdtempSync(inProject('out', 'process-types-'));
});

afterAll(() => rmSync(sandbox, { recursive: true, force: true }));

describe.each(Object.entries(processes))('src/%s', (name, has) => {
  test.each(Object.keys(all))('%s', (use) => {
    const folder = path.join(sandbox, `${name}-${use}`);
    mkdirSync(folder);
    writeFileSync(path.join(folder, 'use.ts'), all[/** @type {keyof typeof all} */ (use)]);
    writeFileSync(
      path.join(folder, 'tsconfig.json'),
      JSON.stringify({
        extends: inProject('src', name, 'tsconfig.json'),
        compilerOptions: { incremental: false },
        include: ['.'],
      }),
    );
    const tsc = inProject('node_modules', 'typescript', 'bin', 'tsc');
    const { status } = spawnSync(process.execPath, [tsc, '-p', folder]);
    expect(status === 0).toBe(has.some((one) => one === use));
  });
});

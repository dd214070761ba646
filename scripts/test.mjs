import { existsSync } from 'node:fs';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { setup, setupApp } from './setup.mjs';
import { withVirtualDisplay } from './display.mjs';
import { SetupError, formatDuration, runScript, say, step } from './progress.mjs';
import { inProject, isMain, projectDir } from './project.mjs';
import { runToEnd } from './run.mjs';
import {
  closingLine,
  resultOfCheck,
  resultOfPlaywright,
  resultOfVitest,
  sumOf,
} from './test-report.mjs';

const GROUPS = ['lint', 'unit', 'e2e'];

/** Each in the words of what holds when it passes. */
const CHECKS = [
  {
    title: 'Files are formatted',
    tool: 'prettier/bin/prettier.cjs',
    args: ['--check', '--cache', '.'],
  },
  { title: 'Lint, and the layers', tool: 'oxlint/bin/oxlint', args: [] },
  { title: 'Types of everything, tests included', tool: 'typescript/bin/tsc', args: [] },
  ...['shared', 'main', 'preload', 'renderer', 'engine', 'logging'].map((name) => ({
    title: `Types of src/${name}, with what that process has`,
    tool: 'typescript/bin/tsc',
    args: ['-p', `src/${name}`],
  })),
  {
    title: 'Types, with the Electron that npm carries',
    tool: 'typescript/bin/tsc',
    args: ['-p', 'tsconfig.electron-33.json'],
  },
  { title: 'Types of the scripts', tool: 'typescript/bin/tsc', args: ['-p', 'scripts'] },
  { title: 'No file or package unused', tool: 'knip/bin/knip.js', args: [] },
];

/** @typedef {import('./test-report.mjs').PartResult} PartResult */

/** @returns {Promise<number>} */
async function test() {
  const groups = chosenGroups();
  const startedAt = performance.now();
  await setup({ forWhat: 'test' });
  /** @type {PartResult[]} */
  const results = [];
  // It takes minutes, much of them waiting: what does not need the app is tested meanwhile.
  const appSetup = groups.includes('e2e') && groups.length > 1 ? setupAppBeside() : setupAppAlone;
  if (groups.includes('lint')) {
    // Two at a time: some take one core for long.
    const waiting = [...CHECKS];
    const lane = async () => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const check = next;
        await part(results, () => runCheck(check));
      }
    };
    await Promise.all([lane(), lane()]);
  }
  if (groups.includes('unit')) await part(results, runUnitTests);
  if (groups.includes('e2e')) await part(results, () => runEndToEndTests(appSetup));

  const { failed, passed } = sumOf(results);
  say(`Tested in ${formatDuration(performance.now() - startedAt)}.`);
  process.stdout.write(`${closingLine(results)}\n`);
  return failed === 0 && passed > 0 ? 0 : 1;
}

function chosenGroups() {
  const { values } = parseArgs({ options: { only: { type: 'string' } } });
  if (values.only === undefined) return GROUPS;
  if (!GROUPS.includes(values.only)) {
    throw new SetupError(`--only takes one of ${GROUPS.join(', ')}.`);
  }
  return [values.only];
}

/**
 * @param {PartResult[]} results
 * @param {() => Promise<PartResult>} work
 */
async function part(results, work) {
  const startedAt = performance.now();
  const result = await work();
  const { title, passed, failed, skipped, output } = result;
  const counts = passed + failed + skipped === 1 ? '' : ` ${closingLine([result])},`;
  const took = formatDuration(performance.now() - startedAt);
  if (failed > 0) say(output.trimEnd());
  say(`${failed > 0 ? '✗' : '✓'} ${title}:${counts} ${took}`);
  results.push(result);
}

/**
 * @param {(typeof CHECKS)[number]} check
 * @returns {Promise<PartResult>}
 */
async function runCheck({ title, tool, args }) {
  return resultOfCheck(title, await runTool(tool, args));
}

/** @returns {Promise<PartResult>} */
function runUnitTests() {
  return withReport(async (reportFile) => {
    const args = [
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${reportFile}`,
    ];
    const run = await runTool('vitest/vitest.mjs', args);
    return resultOfVitest('Unit tests', run, await readReport(reportFile));
  });
}

/**
 * @param {() => Promise<void>} appSetup
 * @returns {Promise<PartResult>}
 */
async function runEndToEndTests(appSetup) {
  const title = 'End-to-end tests';
  if (!(await hasSpecs())) {
    say('There are no end-to-end tests.');
    return { title, passed: 0, failed: 0, skipped: 0, output: '' };
  }
  try {
    await appSetup();
  } catch (error) {
    // Counted like a failed test, so that the closing line is told all the same.
    if (!(error instanceof SetupError)) throw error;
    return resultOfCheck(title, { status: 1, output: error.message });
  }
  return runPlaywright(title, process.env);
}

function setupAppAlone() {
  return setupApp({ forWhat: 'test' });
}

/**
 * Begins to set up the app in a process of its own; what that says is kept until it is asked for.
 * @returns {() => Promise<void>} waits for its end
 */
function setupAppBeside() {
  const begun = runToEnd(process.execPath, [
    inProject('scripts', 'setup.mjs'),
    '--test',
    '--beside',
  ]);
  return async () => {
    const title = "Waiting for the app's set-up, begun with the first tests";
    const { status, output } = await step(title, () => begun);
    if (status !== 0) throw new SetupError(output.trim());
    if (output !== '') say(output.trimEnd());
  };
}

/**
 * @param {string} title
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<PartResult>}
 */
export function runPlaywright(title, env) {
  return withReport((reportFile) =>
    withVirtualDisplay(async (displayEnv) => {
      const run = await runTool('@playwright/test/cli.js', ['test', '--reporter=list,json'], {
        ...env,
        DISPLAY: displayEnv['DISPLAY'],
        PLAYWRIGHT_JSON_OUTPUT_FILE: reportFile,
      });
      return resultOfPlaywright(title, run, await readReport(reportFile));
    }),
  );
}

async function hasSpecs() {
  if (!existsSync(inProject('e2e'))) return false;
  const files = await readdir(inProject('e2e'), { recursive: true });
  return files.some((file) => /\.(spec|test)\.ts$/.test(file));
}

/**
 * @param {string} tool a program's file in node_modules
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 */
function runTool(tool, args, env = process.env) {
  const program = inProject('node_modules', ...tool.split('/'));
  return runToEnd(process.execPath, [program, ...args], { cwd: projectDir, env });
}

/**
 * @template T
 * @param {(reportFile: string) => Promise<T>} work
 * @returns {Promise<T>}
 */
async function withReport(work) {
  const folder = await mkdtemp(path.join(tmpdir(), 'freshlane-test-'));
  try {
    return await work(path.join(folder, 'report.json'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * @param {string} file
 * @returns {Promise<Record<string, unknown> | undefined>}
 */
async function readReport(file) {
  return existsSync(file) ? JSON.parse(await readFile(file, 'utf8')) : undefined;
}

if (isMain(import.meta.url)) await runScript(test);

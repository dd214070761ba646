import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withVirtualDisplay } from './display.mjs';
import { appCommand } from './electron.mjs';
import { installedRuntime } from './runtime.mjs';
import { inProject, projectDir } from './project.mjs';
import { oncePerPress, runToEnd } from './run.mjs';

/** @type {string} */
let dir;
beforeAll(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'freshlane-electron-'));
  const manifest = { name: 'tiny', version: '4.5.6', type: 'module', main: 'tiny.js' };
  writeFileSync(path.join(dir, 'package.json'), JSON.stringify(manifest));
  writeFileSync(
    path.join(dir, 'tiny.js'),
    `import { app } from 'electron';
     const told = { path: app.getAppPath(), name: app.name, version: app.getVersion(),
       packaged: app.isPackaged, asked: process.argv.at(-1), electron: process.versions.electron };
     const early = app.isReady();
     app.whenReady().then(() => {
       process.stdout.write(JSON.stringify({ ...told, early }) + '\\n');
       app.exit(7);
     });`,
  );
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

test('the runtime starts the app of a folder as a release does', async () => {
  const { program, args } = appCommand(['--ours']);
  const own = args.map((argument) => (argument === projectDir ? dir : argument));
  const run = await withVirtualDisplay((env) => runToEnd(program, own, { env }));
  const line = run.output.split('\n').find((text) => text.startsWith('{')) ?? run.output;
  expect(JSON.parse(line)).toEqual({
    path: dir,
    name: 'tiny',
    version: '4.5.6',
    packaged: false,
    asked: '--ours',
    electron: installedRuntime()?.version,
    early: false,
  });
  expect(run.status).toBe(7);
});

describe('a program in the foreground', () => {
  /** @param {string} program what it runs, as Node's code */
  const script = (program) =>
    `import { runInForeground } from ${JSON.stringify(inProject('scripts', 'run.mjs'))};
     process.exitCode = await runInForeground(process.execPath, ['-e', ${JSON.stringify(program)}]);`;

  test('hands on its exit status', () => {
    const args = ['--input-type=module', '-e', script('process.exit(9)')];
    expect(spawnSync(process.execPath, args).status).toBe(9);
  });

  test('gets our signals, and has the last word on them', async () => {
    const waits = `process.on('SIGTERM', () => process.exit(5));
      setInterval(() => {}, 1e6);
      process.stdout.write('up');`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script(waits)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    child.stdout.once('data', () => child.kill('SIGTERM'));
    expect(await new Promise((resolve) => child.once('close', resolve))).toBe(5);
  });

  test('gets one press of Ctrl+C once, and the next press too', () => {
    let nowMs = 0;
    /** @type {string[]} */
    const got = [];
    const passOn = oncePerPress(
      (signal) => got.push(`${signal} at ${nowMs}`),
      () => nowMs,
    );
    for (nowMs of [1000, 1003, 1400, 1600, 1601]) passOn('SIGINT');
    expect(got).toEqual(['SIGINT at 1000', 'SIGINT at 1600']);
  });
});

/**
 * @param {string} name
 * @returns {number} the process id of our child of that name
 */
function childNamed(name) {
  const tasks = `/proc/${process.pid}/task`;
  const children = readdirSync(tasks).flatMap((task) =>
    readFileSync(`${tasks}/${task}/children`, 'utf8').trim().split(' '),
  );
  const found = children.filter(Boolean).find((child) => {
    return readFileSync(`/proc/${child}/comm`, 'utf8').trim() === name;
  });
  if (found === undefined) throw new Error(`we have no child named ${name}`);
  return Number(found);
}

test('a virtual display ends with the work, even when that fails', async () => {
  let xvfb = 0;
  const failing = withVirtualDisplay(async () => {
    xvfb = childNamed('Xvfb');
    throw new Error('the work failed');
  });
  await expect(failing).rejects.toThrow('the work failed');
  expect(() => process.kill(xvfb, 0)).toThrow('ESRCH');
});

import { lstatSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { SetupError } from './progress.mjs';
import { electronPath } from './runtime.mjs';
import { inProject, projectDir } from './project.mjs';
import { runInForeground, runToEnd } from './run.mjs';

/**
 * The program and arguments that start the app of this project.
 * @param {readonly string[]} args the app's own
 * @returns {{ program: string, args: string[] }}
 */
export function appCommand(args) {
  return electronCommand(projectDir, args);
}

/**
 * @param {string} main the folder of what Electron is to run
 * @param {readonly string[]} args its own
 */
function electronCommand(main, args) {
  return { program: electronPath(), args: [...sandboxSwitches(), main, ...args] };
}

/**
 * Runs the app to its end with our streams and signals.
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<number>} its exit status
 */
export function runApp(args, env) {
  const command = appCommand(args);
  return runInForeground(command.program, command.args, forApp(env));
}

/**
 * Renders pictures of the virtual tray to the end and gathers what that writes.
 * @param {readonly string[]} args what to render, and the folder
 * @param {NodeJS.ProcessEnv} env
 */
export function runBatchRender(args, env) {
  const command = electronCommand(inProject('scripts', 'batch-render'), args);
  return runToEnd(command.program, command.args, { env: forApp(env) });
}

/**
 * An editor's terminal sets this; with it Electron is a plain Node and has no windows.
 * @param {NodeJS.ProcessEnv} env
 * @returns {NodeJS.ProcessEnv}
 */
function forApp({ ELECTRON_RUN_AS_NODE: _unwanted, ...env }) {
  return env;
}

/**
 * Chromium's sandbox refuses to run for root, so there it goes without. Anyone else gets it, or
 * the reason why it cannot be had.
 * @returns {string[]}
 */
function sandboxSwitches() {
  if (process.platform !== 'linux') return [];
  if (process.getuid?.() === 0) return ['--no-sandbox'];
  const helper = path.join(path.dirname(electronPath()), 'chrome-sandbox');
  if (!userNamespacesAllowed() && !isSetuidRoot(helper)) {
    throw new SetupError(
      "Chromium's sandbox cannot start: this system denies user namespaces, and the sandbox's " +
        'own helper is not installed as root. Allow it by this command and start again:\n' +
        `  sudo chown root:root '${helper}' && sudo chmod 4755 '${helper}'`,
    );
  }
  return [];
}

/** @param {string} file */
function isSetuidRoot(file) {
  const { mode, uid } = lstatSync(file);
  return uid === 0 && (mode & 0o4000) !== 0;
}

function userNamespacesAllowed() {
  return (
    readSetting('/proc/sys/kernel/unprivileged_userns_clone') !== '0' &&
    readSetting('/proc/sys/user/max_user_namespaces') !== '0' &&
    readSetting('/proc/sys/kernel/apparmor_restrict_unprivileged_userns') !== '1'
  );
}

/**
 * @param {string} file
 * @returns {string | undefined} undefined on kernels without this setting
 */
function readSetting(file) {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return undefined;
  }
}

import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { SetupError, say } from './progress.mjs';
import { runToEnd } from './run.mjs';

/**
 * What the system must have: a shared library by its soname, or a program by its name.
 * @typedef {object} Need
 * @property {string} has soname or program
 * @property {'library' | 'program' | 'fonts'} kind
 * @property {readonly string[]} packages Debian's names for it, the newest release's first
 */

/** @typedef {{ kind: 'start' | 'test', hasDisplay: boolean, webcam?: boolean }} Purpose */

/** @type {readonly Need[]} */
const FOR_ELECTRON = [
  { kind: 'library', has: 'libgtk-3.so.0', packages: ['libgtk-3-0t64', 'libgtk-3-0'] },
  { kind: 'library', has: 'libnss3.so', packages: ['libnss3'] },
  { kind: 'library', has: 'libasound.so.2', packages: ['libasound2t64', 'libasound2'] },
  { kind: 'library', has: 'libgbm.so.1', packages: ['libgbm1'] },
  { kind: 'library', has: 'libXss.so.1', packages: ['libxss1'] },
  { kind: 'library', has: 'libXtst.so.6', packages: ['libxtst6'] },
  { kind: 'library', has: 'libnotify.so.4', packages: ['libnotify4'] },
  { kind: 'program', has: 'dbus-daemon', packages: ['dbus'] },
  { kind: 'fonts', has: 'fonts', packages: ['fonts-dejavu-core'] },
];

/** @type {readonly Need[]} */
const FOR_VIRTUAL_DISPLAY = [
  { kind: 'program', has: 'Xvfb', packages: ['xvfb'] },
  { kind: 'program', has: 'xauth', packages: ['xauth'] },
];

/** @type {readonly Need[]} */
const FOR_WEBCAM = [{ kind: 'program', has: 'fswebcam', packages: ['fswebcam'] }];

/**
 * @param {Purpose} purpose
 * @returns {readonly Need[]}
 */
export function needsOf({ kind, hasDisplay, webcam = false }) {
  return [
    ...FOR_ELECTRON,
    ...(kind === 'test' || !hasDisplay ? FOR_VIRTUAL_DISPLAY : []),
    ...(kind === 'test' || webcam ? FOR_WEBCAM : []),
  ];
}

/**
 * @param {string} listing what `ldconfig -p` prints
 * @param {string} arch as in process.arch
 * @returns {Set<string>} the sonames that a program of this architecture finds
 */
export function parseLdconfig(listing, arch) {
  const label = { x64: 'x86-64', arm64: 'AArch64' }[arch];
  const sonames = new Set();
  for (const line of listing.split('\n')) {
    const [, soname, details] = /^\s*(\S+) \(([^)]*)\) => /.exec(line) ?? [];
    if (soname === undefined || details === undefined) continue;
    if (label === undefined || details.includes(label)) sonames.add(soname);
  }
  return sonames;
}

/**
 * @param {readonly Need[]} needs
 * @param {{ libraries: ReadonlySet<string>, hasProgram: (name: string) => boolean, hasFonts: boolean }} system
 * @returns {Need[]}
 */
export function missingOf(needs, { libraries, hasProgram, hasFonts }) {
  const present = {
    library: (/** @type {string} */ name) => libraries.has(name),
    program: hasProgram,
    fonts: () => hasFonts,
  };
  return needs.filter((need) => !present[need.kind](need.has));
}

/**
 * Chooses a package for each need: releases name some of them differently.
 * @param {readonly Need[]} missing
 * @param {ReadonlySet<string>} offered the packages that apt can install
 * @returns {string[]}
 */
export function choosePackages(missing, offered) {
  return missing.map(
    ({ packages }) => packages.find((name) => offered.has(name)) ?? String(packages.at(-1)),
  );
}

/**
 * What this Linux lacks for the purpose; nothing on other systems.
 * @param {Purpose} purpose
 * @returns {Need[]}
 */
export function findMissing(purpose) {
  if (process.platform !== 'linux') return [];
  return missingOf(needsOf(purpose), {
    libraries: installedLibraries(),
    hasProgram: (name) => findProgram(name) !== undefined,
    hasFonts: existsSync('/usr/share/fonts') || existsSync('/usr/local/share/fonts'),
  });
}

/**
 * Installs what is missing where that is allowed, else says with which command the user can.
 * @param {readonly Need[]} missing not empty
 */
export async function installMissing(missing) {
  const names = missing.map((need) => need.has).join(', ');
  if (findProgram('apt-get') === undefined) {
    throw new SetupError(
      `This system lacks ${names}. Install them with its package manager (Debian calls them ` +
        `${choosePackages(missing, new Set()).join(' ')}) and start again.`,
    );
  }
  const prefix = rootPrefix();
  if (prefix === undefined) {
    const packages = choosePackages(missing, offeredPackages(missing));
    throw new SetupError(
      `This system lacks ${names}. Install them by this command and start again:\n` +
        `  sudo apt-get install -y ${packages.join(' ')}`,
    );
  }
  // A fresh machine's package lists are empty or old.
  await apt(prefix, ['update', '-qq']).catch((error) => say(`  ${error.message}`));
  const packages = choosePackages(missing, offeredPackages(missing));
  await apt(prefix, ['install', '-y', '-qq', '--no-install-recommends', ...packages]);
}

/**
 * @param {readonly string[]} prefix
 * @param {readonly string[]} args
 */
async function apt(prefix, args) {
  const [program, ...rest] = [...prefix, 'apt-get', ...args];
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const { status, output } = await runToEnd(String(program), rest, { env });
  if (status !== 0) throw new SetupError(`apt-get ${args.join(' ')} failed:\n${output.trim()}`);
}

/** @returns {readonly string[] | undefined} what to put before a command to run it as root */
function rootPrefix() {
  if (process.getuid?.() === 0) return [];
  const sudo = spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' });
  return sudo.status === 0 ? ['sudo', '-n', '--preserve-env=DEBIAN_FRONTEND'] : undefined;
}

/**
 * @param {readonly Need[]} needs
 * @returns {Set<string>}
 */
function offeredPackages(needs) {
  const names = needs.flatMap((need) => need.packages);
  const policy =
    spawnSync('apt-cache', ['policy', ...names], {
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C' },
    }).stdout ?? '';
  return parsePolicy(policy);
}

/**
 * @param {string} policy what `apt-cache policy NAME…` prints in English
 * @returns {Set<string>} the packages with a version to install
 */
export function parsePolicy(policy) {
  const offered = new Set();
  for (const [, name, candidate] of policy.matchAll(/^(\S+):\n.*\n {2}Candidate: (.*)$/gm)) {
    if (candidate !== '(none)') offered.add(name);
  }
  return offered;
}

function installedLibraries() {
  // An ordinary user's PATH has no /sbin on Debian.
  const ldconfig = ['/sbin/ldconfig', '/usr/sbin/ldconfig'].find((file) => existsSync(file));
  if (ldconfig === undefined) return new Set();
  return parseLdconfig(execFileSync(ldconfig, ['-p'], { encoding: 'utf8' }), process.arch);
}

/**
 * @param {string} name
 * @returns {string | undefined} its path
 */
export function findProgram(name) {
  return (process.env['PATH'] ?? '')
    .split(path.delimiter)
    .map((dir) => path.join(dir, name))
    .find((file) => existsSync(file));
}

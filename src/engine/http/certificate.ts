import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';

export interface CertificateFiles {
  /** PEM: the certificate, then those of its issuers. */
  readonly certPath: string;
  /** PEM, without a passphrase. */
  readonly keyPath: string;
}

export interface Certificate {
  readonly cert: Buffer;
  readonly key: Buffer;
  readonly expiresAt: Date;
}

/** A certificate or key that cannot be used; the message names the file and what to do. */
export class CertificateError extends Error {
  override readonly name = 'CertificateError';
}

/** @throws CertificateError */
export function loadCertificate(
  { certPath, keyPath }: CertificateFiles,
  now: Date = new Date(),
): Certificate {
  const cert = readPem(certPath, '--tls-cert');
  const key = readPem(keyPath, '--tls-key');
  const parsed = parseCertificate(cert, certPath);
  if (!parsed.checkPrivateKey(parseKey(key, keyPath))) {
    throw new CertificateError(
      `The key ${keyPath} does not belong to the certificate ${certPath}.`,
    );
  }
  const expiresAt = new Date(parsed.validTo);
  if (expiresAt <= now) {
    throw new CertificateError(
      `The certificate ${certPath} expired at ${expiresAt.toISOString()}; renew it.`,
    );
  }
  const beginsAt = new Date(parsed.validFrom);
  if (beginsAt > now) {
    throw new CertificateError(
      `The certificate ${certPath} is not valid before ${beginsAt.toISOString()}; ` +
        "check this machine's clock.",
    );
  }
  return { cert, key, expiresAt };
}

function readPem(path: string, option: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    throw new CertificateError(
      `The file ${path} of ${option} ${isMissing ? 'is not there' : 'cannot be read'}.`,
      { cause: error },
    );
  }
}

function parseCertificate(pem: Buffer, path: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (error) {
    throw new CertificateError(`${path} is no certificate in PEM form.`, { cause: error });
  }
}

function parseKey(pem: Buffer, path: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch (error) {
    throw new CertificateError(
      pem.includes('ENCRYPTED')
        ? `The key ${path} has a passphrase; the engine needs one without.`
        : `${path} is no private key in PEM form.`,
      { cause: error },
    );
  }
}

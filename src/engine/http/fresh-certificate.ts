import { unwatchFile, watchFile } from 'node:fs';
import type { Server } from 'node:tls';

import { limits } from '../domain/limits.ts';
import type { LogWriter } from '../../shared/log.ts';
import { loadCertificate } from './certificate.ts';
import type { Certificate, CertificateFiles } from './certificate.ts';

export interface FreshCertificate {
  readonly expiresAt: () => Date;
  readonly reload: () => void;
  readonly stop: () => void;
}

/** Takes a renewed certificate while the server runs; one that is unfit is told and left alone. */
export function keepCertificateFresh(
  files: CertificateFiles,
  first: Certificate,
  server: Server,
  onEvent: LogWriter,
): FreshCertificate {
  let current = first;
  const reload = (): void => {
    try {
      const found = loadCertificate(files);
      if (found.cert.equals(current.cert) && found.key.equals(current.key)) return;
      server.setSecureContext({ cert: found.cert, key: found.key, minVersion: 'TLSv1.2' });
      current = found;
      const expiresAt = found.expiresAt.toISOString();
      onEvent({ level: 'info', event: 'certificate-taken', expiresAt });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      onEvent({ level: 'warn', event: 'certificate-refused', message });
    }
  };
  const watched = [files.certPath, files.keyPath];
  for (const path of watched) {
    // Looked at now and then: a watch on the file would miss a link that is set anew.
    watchFile(path, { persistent: false, interval: limits.certificateCheckMs }, reload);
  }
  return {
    expiresAt: () => current.expiresAt,
    reload,
    stop: () => watched.forEach((path) => unwatchFile(path, reload)),
  };
}

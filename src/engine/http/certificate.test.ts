import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { makeSelfSigned } from '../testing/self-signed.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { CertificateError, loadCertificate } from './certificate.ts';

function write(cert: string, key: string) {
  const folder = temporaryFolder();
  const files = { certPath: join(folder, 'tls.crt'), keyPath: join(folder, 'tls.key') };
  writeFileSync(files.certPath, cert);
  writeFileSync(files.keyPath, key);
  return files;
}

const right = makeSelfSigned();
const past = (hours: number): Date => new Date(Date.now() - hours * 3_600_000);

test('a certificate with its key says until when it holds', () => {
  const to = new Date('2099-01-01T00:00:00Z');
  const { cert, key } = makeSelfSigned({ to });
  expect(loadCertificate(write(cert, key)).expiresAt).toEqual(to);
});

const old = makeSelfSigned({ from: past(48), to: past(24) });
const early = makeSelfSigned({ from: past(-24), to: past(-48) });
const locked = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({
  format: 'pem',
  type: 'pkcs8',
  cipher: 'aes-128-cbc',
  passphrase: 'secret',
}) as string;

test.each<[string, string, string, RegExp]>([
  ['another key', right.cert, makeSelfSigned().key, /tls\.key does not belong to .*tls\.crt/],
  ['no certificate', 'hello', right.key, /tls\.crt is no certificate/],
  ['no key', right.cert, 'hello', /tls\.key is no private key/],
  ['files in the wrong order', right.key, right.cert, /tls\.crt is no certificate/],
  ['a key with a passphrase', right.cert, locked, /tls\.key has a passphrase/],
  ['one that expired', old.cert, old.key, /tls\.crt expired at/],
  ['one of tomorrow', early.cert, early.key, /tls\.crt is not valid before/],
])('%s is refused by its name', (_, cert, key, message) => {
  const files = write(cert, key);
  expect(() => loadCertificate(files)).toThrow(CertificateError);
  expect(() => loadCertificate(files)).toThrow(message);
});

test('a file that is not there is named with its option', () => {
  const files = { ...write(right.cert, right.key), keyPath: '/nowhere/tls.key' };
  expect(() => loadCertificate(files)).toThrow('/nowhere/tls.key of --tls-key is not there');
});

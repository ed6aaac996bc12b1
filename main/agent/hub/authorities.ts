import { X509Certificate } from 'node:crypto';
import { rootCertificates } from 'node:tls';

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** The certificates in a PEM text, or undefined where there is none, or one that cannot be read. */
export function certificatesIn(pem: string): readonly string[] | undefined {
  const certificates = pem.match(CERTIFICATE) ?? [];
  try {
    for (const certificate of certificates) new X509Certificate(certificate);
  } catch {
    return undefined;
  }
  return certificates.length === 0 ? undefined : certificates;
}

/**
 * Whom to trust besides the well-known authorities: the certificates of the option `ca-file` and of `NODE_EXTRA_CA_CERTS`.
 * Undefined where there is no `ca-file`: Node then does as it always does. `readFile` throws as Node does.
 */
export function trustedAuthorities(
  caFile: string,
  env: Readonly<Record<string, string | undefined>>,
  readFile: (path: string) => string,
): readonly string[] | undefined {
  if (caFile === '') return undefined;
  const extra = env.NODE_EXTRA_CA_CERTS ? readOr(env.NODE_EXTRA_CA_CERTS, readFile) : '';
  return [...rootCertificates, ...(certificatesIn(extra) ?? []), ...(certificatesIn(readFile(caFile)) ?? [])];
}

/** Node warns of such a file and goes on. */
function readOr(path: string, readFile: (path: string) => string): string {
  try {
    return readFile(path);
  } catch {
    return '';
  }
}

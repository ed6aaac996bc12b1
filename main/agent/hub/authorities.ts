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

export interface AuthoritySources {
  /** The option `ca-file`; empty for none. */
  readonly caFile: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** False where the runtime passes `NODE_EXTRA_CA_CERTS` over: a packaged Electron without `NODE_OPTIONS` does. */
  readonly runtimeReadsExtra: boolean;
  /** Throws as Node does. */
  readonly readFile: (path: string) => string;
}

/**
 * Whom to trust: the well-known authorities, and the certificates of the option `ca-file` and of `NODE_EXTRA_CA_CERTS`.
 * Undefined where there is nothing to add to what the runtime trusts by itself.
 */
export function trustedAuthorities(sources: AuthoritySources): readonly string[] | undefined {
  const { caFile, env, runtimeReadsExtra, readFile } = sources;
  const extra = env.NODE_EXTRA_CA_CERTS ?? '';
  if (caFile === '' && (extra === '' || runtimeReadsExtra)) return undefined;
  const files = [extra === '' ? '' : readOr(extra, readFile), caFile === '' ? '' : readFile(caFile)];
  return [...rootCertificates, ...files.flatMap((pem) => certificatesIn(pem) ?? [])];
}

/** Node warns of such a file and goes on. */
function readOr(path: string, readFile: (path: string) => string): string {
  try {
    return readFile(path);
  } catch {
    return '';
  }
}

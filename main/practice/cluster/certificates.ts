import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** PEM texts of an authority, a server on the loopback interface, and a client. */
export interface Certificates {
  readonly ca: string;
  readonly server: { readonly cert: string; readonly key: string };
  readonly client: { readonly cert: string; readonly key: string };
}

/** Makes certificates that hold for a day, with `openssl`, in a folder of the caller's. `clientName`: its common name. */
export function makeCertificates(folder: string, clientName: string): Certificates {
  const openssl = (...args: readonly string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  const newKey = (name: string) => [
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-keyout',
    `${name}.key`,
  ];
  openssl('req', '-x509', '-days', '1', ...newKey('ca'), '-out', 'ca.crt', '-subj', '/CN=stand-in authority');
  const issue = (name: string, subject: string, extension: string) => {
    writeFileSync(join(folder, `${name}.ext`), extension);
    openssl('req', ...newKey(name), '-out', `${name}.csr`, '-subj', `/CN=${subject}`);
    const authority = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial'];
    openssl(
      'x509',
      '-req',
      '-days',
      '1',
      '-in',
      `${name}.csr`,
      ...authority,
      '-extfile',
      `${name}.ext`,
      '-out',
      `${name}.crt`,
    );
    return { cert: read(folder, `${name}.crt`), key: read(folder, `${name}.key`) };
  };
  const server = issue('server', '127.0.0.1', 'subjectAltName=IP:127.0.0.1,DNS:localhost,DNS:hub.test');
  const client = issue('client', clientName, 'extendedKeyUsage=clientAuth');
  return { ca: read(folder, 'ca.crt'), server, client };
}

function read(folder: string, name: string): string {
  return readFileSync(join(folder, name), 'utf8');
}

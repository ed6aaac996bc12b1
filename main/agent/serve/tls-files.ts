import { createSecureContext } from 'node:tls';

/** Certificate and key, PEM; or one line that says which file is wrong, and how. */
export type TlsFiles =
  | { readonly ok: true; readonly cert: string; readonly key: string }
  | { readonly ok: false; readonly problem: string };

/** Reads what the server needs and tries it out: a server that cannot speak TLS must not begin. */
export function readTlsFiles(
  paths: { readonly certPath: string; readonly keyPath: string },
  readFile: (path: string) => string,
): TlsFiles {
  const cert = read('tls-cert-path', paths.certPath, readFile);
  if (!cert.ok) return cert;
  const key = read('tls-key-path', paths.keyPath, readFile);
  if (!key.ok) return key;
  try {
    createSecureContext({ cert: cert.text });
  } catch {
    return refused(`tls-cert-path: ${paths.certPath} holds no certificate in PEM`);
  }
  try {
    createSecureContext({ cert: cert.text, key: key.text });
  } catch {
    return refused(`tls-key-path: ${paths.keyPath} holds no key in PEM that belongs to ${paths.certPath}`);
  }
  return { ok: true, cert: cert.text, key: key.text };
}

function read(option: string, path: string, readFile: (path: string) => string) {
  try {
    return { ok: true, text: readFile(path) } as const;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    return refused(`${option}: ${path} cannot be read (${code}). ${HOW_TO_MAKE}`);
  }
}

function refused(problem: string) {
  return { ok: false, problem } as const;
}

const HOW_TO_MAKE =
  'To make one for this machine: openssl req -x509 -newkey rsa:2048 -nodes -days 365 -subj "/CN=$HOSTNAME" -keyout server.key -out server.crt';

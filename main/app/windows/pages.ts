import { readFile } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';
import { protocol, session } from 'electron';
import { SCHEME } from '../../../shared/contract/channel.ts';

/** What our pages may do: show themselves. Nothing remote, nothing inline, nothing framed. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.map': 'application/json',
};

/** Must be called before the app is ready. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([{ scheme: SCHEME, privileges: { standard: true, secure: true } }]);
}

/** Serves the files of a folder under our scheme, and refuses every permission a page may ask for. */
export function servePages(folder: string): void {
  session.defaultSession.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  session.defaultSession.setPermissionCheckHandler(() => false);
  protocol.handle(SCHEME, async (request) => {
    const path = normalize(join(folder, decodeURIComponent(new URL(request.url).pathname)));
    if (!path.startsWith(folder + sep)) return new Response('not found', { status: 404 });
    const content = await readFile(path).catch(() => undefined);
    if (!content) return new Response('not found', { status: 404 });
    const headers = {
      'content-type': TYPES[extname(path)] ?? 'application/octet-stream',
      'content-security-policy': POLICY,
    };
    return new Response(new Uint8Array(content), { headers });
  });
}

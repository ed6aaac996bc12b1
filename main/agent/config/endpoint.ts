/** An endpoint as `host` or `host:port`, or why it is none. */
export type ParsedEndpoint =
  | { readonly ok: true; readonly endpoint: string }
  | { readonly ok: false; readonly problem: string };

/** Takes what people paste: `https://acme.semaphoreci.com/` is `acme.semaphoreci.com`. */
export function parseEndpoint(text: string, noHttps: boolean): ParsedEndpoint {
  const trimmed = text.trim();
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(trimmed)?.[1]?.toLowerCase();
  if (scheme !== undefined && scheme !== 'https' && scheme !== 'http')
    return refused(`${scheme}:// is not how Semaphore is reached`);
  if (scheme === 'http' && !noHttps)
    return refused('http:// would send the token in the clear; with no-https that is allowed');
  const rest = scheme === undefined ? trimmed : trimmed.slice(scheme.length + 3);
  let url: URL;
  try {
    url = new URL(`https://${rest}`);
  } catch {
    return refused('it is no host name');
  }
  if (url.username !== '' || url.password !== '')
    return refused('it holds a user name; the token is an option of its own');
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '')
    return refused('only the host is wanted, without a path');
  // `URL` drops the default port, which with no-https is not the default.
  const port = /:(\d+)\/?$/.exec(rest)?.[1];
  return { ok: true, endpoint: port === undefined ? url.hostname : `${url.hostname}:${port}` };
}

function refused(why: string): ParsedEndpoint {
  return { ok: false, problem: `${why}; allowed is HOST[:PORT], such as acme.semaphoreci.com` };
}

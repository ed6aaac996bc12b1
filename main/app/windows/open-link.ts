import { shell } from 'electron';

/** What the user's browser is asked to open. Anything else might start a program. */
const SCHEMES = ['https:', 'http:'];

/** Opens a link in the user's browser. What is no web address is passed over. */
export function openLink(link: string): void {
  const url = parsed(link);
  if (url && SCHEMES.includes(url.protocol)) void shell.openExternal(url.href);
}

function parsed(link: string): URL | undefined {
  try {
    return new URL(link);
  } catch {
    return undefined;
  }
}

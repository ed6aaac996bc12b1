import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** A file or folder of this machine for the main container. */
export interface MountedFile {
  readonly source: string;
  readonly target: string;
}

/** Splits `host:container`. The colon of a Windows drive belongs to the path before or after it. */
export function parseMountedFile(text: string): MountedFile | undefined {
  const [, source = '', target = ''] = /^((?:[A-Za-z]:[\\/])?[^:]*):((?:[A-Za-z]:[\\/])?[^:]+)$/.exec(text) ?? [];
  return source === '' || target === '' ? undefined : { source, target };
}

/** Those that are there, and one line for each that is not. A tilde is the home directory; the engine wants whole paths. */
export function findMountedFiles(
  texts: readonly string[],
  home: string,
): {
  readonly found: readonly MountedFile[];
  readonly problems: readonly string[];
} {
  const found: MountedFile[] = [];
  const problems: string[] = [];
  for (const text of texts) {
    const file = parseMountedFile(text);
    const source = file && (file.source.startsWith('~/') ? join(home, file.source.slice(2)) : resolve(file.source));
    if (!file || source === undefined) problems.push(`${text} is not of the form HOST:CONTAINER`);
    else if (existsSync(source)) found.push({ source, target: file.target });
    else problems.push(`${source} does not exist`);
  }
  return { found, problems };
}

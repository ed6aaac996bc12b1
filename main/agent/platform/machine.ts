import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { arch, hostname, platform, release } from 'node:os';

/** What the register call tells of this machine. */
export interface Machine {
  /** Pretty name of the system, `Debian GNU/Linux 12 (bookworm)` for instance; empty where nothing tells. */
  readonly os: string;
  /** `x86_64`, `x86`, else as Go spells it. */
  readonly arch: string;
  readonly hostname: string;
}

/** Reads what this machine is. Never throws: an unknown system has no name. */
export function describeMachine(): Machine {
  return { os: osName(), arch: wireArchitecture(arch()), hostname: hostname() };
}

/** Node's word for an architecture as the wire has it (reference agent: Go's, with two exceptions). */
export function wireArchitecture(nodeArchitecture: string): string {
  const words: Readonly<Record<string, string>> = { x64: 'x86_64', ia32: 'x86', mipsel: 'mipsle' };
  return words[nodeArchitecture] ?? nodeArchitecture;
}

/** `PRETTY_NAME` of an os-release file; empty where there is none. */
export function prettyName(osRelease: string): string {
  const value = /^PRETTY_NAME=(.*)$/m.exec(osRelease)?.[1] ?? '';
  return value.trim().replace(/^(["'])(.*)\1$/, '$2');
}

function osName(): string {
  switch (platform()) {
    case 'linux':
      return prettyName(firstReadable(['/etc/os-release', '/usr/lib/os-release']));
    case 'darwin':
      return ['-productName', '-productVersion', '-buildVersion'].map(swVers).filter(Boolean).join(' ');
    case 'win32': {
      const [major, minor, build] = release().split('.');
      return `Windows ${major}.${minor} - Build ${build}`;
    }
    default:
      return '';
  }
}

function firstReadable(paths: readonly string[]): string {
  for (const path of paths) {
    try {
      return readFileSync(path, 'utf8');
    } catch {
      // The next one, then.
    }
  }
  return '';
}

function swVers(what: string): string {
  try {
    return execFileSync('sw_vers', [what], { encoding: 'utf8', timeout: 2_000 }).trim();
  } catch {
    return '';
  }
}

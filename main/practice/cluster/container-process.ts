import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';

/*
 * A container's processes, for real: process 1 in namespaces of its own (mounts, processes, host name) on this machine's own
 * files, with a home and a temp folder that nobody else has. What is executed in it later enters the same namespaces, so it
 * ends with process 1, as in a container. Linux, with util-linux; a user who is not root gets a user namespace as well.
 */

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
/** Of what a container prints, so much of its begin is kept, in bytes. */
const LOG_LIMIT_BYTES = 64 * 1024;

/** A folder that is mounted into the container. */
export interface ContainerMount {
  /** Absolute; below /root or /tmp, as those are the container's own. */
  readonly path: string;
  /** Contents by name. */
  readonly files: Readonly<Record<string, Uint8Array>>;
  readonly mode: number;
}

export interface ContainerOptions {
  /** An empty folder for this container. */
  readonly folder: string;
  readonly hostName: string;
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly workingDir: string;
  readonly mounts: readonly ContainerMount[];
}

const IS_ROOT = process.getuid?.() === 0;
const NEW_USER = IS_ROOT ? [] : ['--map-root-user'];
const SAME_USER = IS_ROOT ? [] : ['--user', '--preserve-credentials'];

/** A container has no life of its own: where the cluster's process is killed, the kernel ends what it had started. */
const ENDS_WITH_US = ['--pdeathsig', 'KILL'];

const SET_UP = `
set -e
folder=$1 name=$2; shift 2
for mount in "$folder"/mounts/*[0-9]; do
  [ -e "$mount" ] || continue
  target=$folder$(cat "$mount.path")
  mkdir -p "$target"
  mount --bind "$mount" "$target"
  mount -o remount,bind,ro "$target"
done
mount -t proc proc /proc
# The recorded images know no terminals.
for known in /etc/terminfo /lib/terminfo /usr/share/terminfo; do
  [ ! -d "$known" ] || mount --bind "$folder/empty" "$known"
done
mount --rbind "$folder/root" /root
mount --rbind "$folder/tmp" /tmp
hostname "$name"
echo ready >&3
exec 3>&-
exec "$@"
`;

/** One container, from its start to the end of its process 1. */
export class ContainerProcess {
  private readonly chunks: Buffer[] = [];
  private logged = 0;
  private pid = 0;

  private constructor(
    private readonly child: ChildProcess,
    private readonly options: ContainerOptions,
    /** Resolves with process 1's exit code; 137 where it was killed. */
    readonly ended: Promise<number>,
  ) {
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) => {
        if (this.logged < LOG_LIMIT_BYTES) this.chunks.push(chunk);
        this.logged += chunk.length;
      });
  }

  /** Resolves when its process 1 is there. Rejects where this machine does not let us make namespaces. */
  static async start(options: ContainerOptions): Promise<ContainerProcess> {
    const { folder, hostName, command, mounts } = options;
    for (const name of ['root', 'tmp', 'mounts', 'empty']) mkdirSync(join(folder, name), { recursive: true });
    for (const [index, mount] of mounts.entries()) writeMount(join(folder, 'mounts', String(index)), mount);
    const namespaces = ['--mount', '--pid', '--uts', '--fork', '--kill-child', ...NEW_USER];
    const inside = ['bash', '-c', SET_UP, 'set-up', folder, hostName, ...insideCommand(options, command)];
    const program = [...ENDS_WITH_US, 'unshare', ...namespaces, ...inside];
    const child = spawn('setpriv', program, { stdio: ['ignore', 'pipe', 'pipe', 'pipe'] });
    const ended = new Promise<number>((resolve) => {
      child.once('error', () => resolve(128));
      child.once('exit', (code, signal) => resolve(signal ? 137 : (code ?? 0)));
    });
    const container = new ContainerProcess(child, options, ended);
    await ready(child);
    const { pid = 0 } = child;
    container.pid = Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')[0]);
    return container;
  }

  /** What it has printed. */
  get log(): string {
    return Buffer.concat(this.chunks).toString();
  }

  /** Program and arguments that run a command within it. `variables` come over the container's. */
  enter(command: readonly string[], variables: Readonly<Record<string, string>>): readonly string[] {
    const namespaces = ['--target', String(this.pid), '--mount', '--pid', '--uts', ...SAME_USER];
    const env = { ...this.options.env, ...variables };
    return ['nsenter', ...namespaces, '--', ...insideCommand({ ...this.options, env }, command)];
  }

  /** Asks process 1 to end; it may not listen. */
  terminate(): void {
    if (this.pid > 0) signal(this.pid, 'SIGTERM');
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }
}

/** A program as the container sees it, with its variables and nothing else, in its folder. */
function insideCommand(
  { env, workingDir, hostName }: Pick<ContainerOptions, 'env' | 'workingDir' | 'hostName'>,
  command: readonly string[],
): string[] {
  const variables = { PATH, HOSTNAME: hostName, HOME: '/root', ...env };
  const assigned = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
  return ['env', '-i', '-C', workingDir, ...assigned, ...command];
}

function writeMount(folder: string, { path, files, mode }: ContainerMount): void {
  mkdirSync(folder, { mode: 0o755 });
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content, { mode });
  writeFileSync(`${folder}.path`, path);
}

/** It says so just before it becomes process 1 of the container. */
async function ready(child: ChildProcess): Promise<void> {
  const told = child.stdio[3] as Readable;
  const problem: Buffer[] = [];
  child.stderr?.on('data', (chunk: Buffer) => problem.push(chunk));
  // The parent that unshare leaves outside holds the stream open: its end is no sign.
  const said = new Promise<boolean>((resolve) => {
    told.once('data', () => resolve(true));
    child.once('exit', () => resolve(false));
    child.once('error', () => resolve(false));
  });
  if (!(await said)) throw new Error(`no container could be made: ${Buffer.concat(problem).toString()}`);
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has just ended.
  }
}

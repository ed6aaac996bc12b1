import type Docker from 'dockerode';
import { HOLDER_NAME } from '../../session/container-holder.ts';
import type { StopRung } from '../executor.ts';

/*
 * Scripts that run within a container, as root. They are written with what bash itself can do, as an image may have nothing
 * else; `read` from an input that never comes is their sleep. `look` finds whatever runs there but the holder, what stands
 * above it (an entrypoint that waits for it), and the script itself. What is no shell of ours is a job's.
 */
const LOOK = `
holder=$1; shift; shells="$*"
parent() { local stat; read -r stat < "/proc/$1/stat" || return; stat=\${stat##*) }; set -- $stat; state=$1 above=$2; }
spared=" 1 $$ "
for folder in /proc/[0-9]*; do
  pid=\${folder#/proc/} line=$(< "$folder/cmdline")
  [[ $line == *"$holder" ]] || continue
  for ((up = pid; up > 1; up = above)); do spared+="$up "; parent "$up" || break; done
done
look() {
  alive=() jobs=0
  for folder in /proc/[0-9]*; do
    pid=\${folder#/proc/}
    [[ $spared == *" $pid "* ]] && continue
    parent "$pid" || continue
    [[ $state == Z || $above == $$ ]] && continue
    alive+=("$pid")
    [[ " $shells " == *" $pid "* ]] || jobs=1
  done
}
look
`;

/** Asks, waits at most 10 s, kills, waits at most 5 s: the ladder of ../stop-ladder.ts. */
const LADDER = `
rung=nothing-left
[ \${#alive[@]} = 0 ] || {
  [ $jobs = 1 ] && rung=terminated
  kill -TERM "\${alive[@]}"
  [ -z "$shells" ] && kill -HUP "\${alive[@]}" || kill -HUP $shells
  kill -CONT "\${alive[@]}"
}
for ((n = 0; n < 200; n++)); do
  look
  [ \${#alive[@]} = 0 ] && break
  read -rt 0.05
done
for ((n = 0; n < 100 && \${#alive[@]} > 0; n++)); do
  rung=killed
  kill -KILL "\${alive[@]}"
  read -rt 0.05
  look
done
[ \${#alive[@]} = 0 ] || rung=survived
echo "$rung"
`;

const KILL = `
[ \${#alive[@]} = 0 ] || kill -KILL "\${alive[@]}"
`;

const RUNGS: readonly StopRung[] = ['nothing-left', 'terminated', 'killed', 'survived'];

/** Ends what runs in a container. `shells`: process ids, as the container sees them, of shells that SIGHUP ends. */
export async function endContainerProcesses(container: Docker.Container, shells: readonly number[]): Promise<StopRung> {
  const told = await execute(container, LADDER, shells);
  const rung = RUNGS.find((one) => told.includes(one));
  if (!rung) throw new Error('the stop could not be run in the container');
  return rung;
}

/** Kills what runs in a container at once. */
export async function killContainerProcesses(container: Docker.Container): Promise<void> {
  await execute(container, KILL, []);
}

/** Runs a script with the container's bash and resolves with what it printed. Its input stays open. */
async function execute(container: Docker.Container, script: string, shells: readonly number[]): Promise<string> {
  const exec = await container.exec({
    Cmd: [
      ...['bash', '--noprofile', '--norc', '-c', `exec 2>/dev/null; ${LOOK}${script}`, 'signalbox'],
      ...[HOLDER_NAME, ...shells.map(String)],
    ],
    User: '0',
    AttachStdin: true,
    AttachStdout: true,
  });
  const stream = await exec.start({ hijack: true, stdin: true });
  const chunks: Buffer[] = [];
  return new Promise((resolve) => {
    const end = () => {
      resolve(Buffer.concat(chunks).toString('latin1'));
      stream.destroy();
    };
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.once('error', end);
    stream.once('end', end);
    stream.once('close', end);
  });
}

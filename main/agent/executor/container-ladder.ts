import type { Duplex } from 'node:stream';
import { HOLDER_NAME } from '../session/container-holder.ts';
import type { StopRung } from './executor.ts';

/*
 * Scripts that run within a container, as root where that may be. They are written with what bash itself can do, as an image may have nothing
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

/** Asks, waits at most 10 s or until it is given a line, kills, waits at most 5 s: the ladder of stop-ladder.ts. */
const LADDER = `
rung=nothing-left
[ \${#alive[@]} = 0 ] || {
  [ $jobs = 1 ] && rung=terminated
  # A shell that hears of its end first does not tell of a command that was ended.
  [ -z "$shells" ] || kill -HUP $shells
  kill -TERM "\${alive[@]}"
  [ -n "$shells" ] || kill -HUP "\${alive[@]}"
  kill -CONT "\${alive[@]}"
}
for ((n = 0; n < 200; n++)); do
  look
  [ \${#alive[@]} = 0 ] && break
  read -rt 0.05 && break
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

/** A command for a container that ends what runs there, and prints the rung. `shells`: process ids, as the container sees them. */
export function ladderCommand(shells: readonly number[]): readonly string[] {
  return command(LADDER, shells);
}

/** Ends the grace of a ladder that runs on this stream when `hurry` is aborted. */
export function hastenLadder(stream: Duplex, hurry: AbortSignal | undefined): void {
  const hasten = () => {
    if (stream.writable) stream.write('\n');
  };
  if (hurry?.aborted) hasten();
  hurry?.addEventListener('abort', hasten);
  stream.once('close', () => hurry?.removeEventListener('abort', hasten));
}

/** One that kills it at once. */
export function killCommand(): readonly string[] {
  return command(KILL, []);
}

/** The rung that a ladder has printed; nothing where it could not be run. */
export function readRung(printed: string): StopRung | undefined {
  return RUNGS.find((rung) => printed.includes(rung));
}

function command(script: string, shells: readonly number[]): readonly string[] {
  const program = ['bash', '--noprofile', '--norc', '-c', `exec 2>/dev/null; ${LOOK}${script}`, 'signalbox'];
  return [...program, HOLDER_NAME, ...shells.map(String)];
}

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
parent() {
  local stat
  read -r stat < "/proc/$1/stat" || return
  stat=\${stat##*) }
  set -- $stat
  state=$1 above=$2 began=\${20}
}
spared=" 1 $$ "
for folder in /proc/[0-9]*; do
  pid=\${folder#/proc/} line=$(< "$folder/cmdline")
  [[ $line == *"$holder" ]] || continue
  for ((up = pid; up > 1; up = above)); do spared+="$up "; parent "$up" || break; done
done
look() {
  alive=() above_of=() began_of=() jobs=0
  for folder in /proc/[0-9]*; do
    pid=\${folder#/proc/}
    [[ $spared == *" $pid "* ]] && continue
    parent "$pid" || continue
    [[ $state == Z || $above == $$ ]] && continue
    alive+=("$pid") above_of[pid]=$above began_of[pid]=$began
    [[ " $shells " == *" $pid "* ]] || jobs=1
  done
}
look
`;

/**
 * Asks, waits at most 10 s or until it is given a line, kills, waits at most 5 s: the ladder of stop-ladder.ts. As there, what is
 * forked meanwhile is asked too, but for what something starts that was asked before: that cleans up, and is asked a second
 * before it is killed. Both /proc/uptime and the begin of a process are in hundredths of a second.
 */
const LADDER = `
rung=nothing-left asked=()
ask() {
  local pid up due=() now rest
  for pid in "\${alive[@]}"; do
    [ -z "\${asked[pid]}" ] || continue
    for ((up = above_of[pid]; up > 1 && !asked[up]; up = above_of[up])); do :; done
    [ -z "$1" ] && ((asked[up] && began_of[pid] >= asked[up])) || due+=("$pid")
  done
  [ \${#due[@]} != 0 ] || return 0
  # A shell that hears of its end first does not tell of a command that was ended. One that hears of it twice ends at once.
  [ -z "$shells" ] || [ \${#asked[@]} != 0 ] || kill -HUP $shells
  read -r now rest < /proc/uptime
  for pid in "\${due[@]}"; do asked[pid]=\${now/./}; done
  kill -TERM "\${due[@]}"
  [ -n "$shells" ] || kill -HUP "\${due[@]}"
  kill -CONT "\${due[@]}"
}
[ $jobs = 0 ] || rung=terminated
for ((n = 0; n < 200; n++)); do
  if ((n < 180)); then ask; else ask all; fi
  look
  [ \${#alive[@]} != 0 ] || break
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

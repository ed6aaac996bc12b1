/*
 * The holder is the leader of a session's terminal; the job's bash is its child. When that bash ends, however it did, the
 * holder prints the last mark behind the last output and then waits: a terminal whose leader ends loses what nobody has
 * read yet (measured: 9 of 300 runs). It works the same on a pty, in a container and in a pod, so it is written in bash.
 *
 * `set -m` gives the child a process group of its own and takes the terminal back from it afterwards. The nonce of the last
 * mark is read from the terminal: neither the environment nor the command line of any process has it. The subshell between
 * them is there to keep quiet: a bash tells on its standard error when a child was killed, and the one of `set -m` needs its
 * own as the terminal to work on. Both outlive what a shell is asked to end by; but SIGHUP ends the holder: to the leader
 * of a terminal it comes when the agent is gone.
 */

const HOLDER = (options: string) => `
stty -echo
IFS= read -r nonce
set -m
trap : TERM
(trap : TERM HUP; exec 2>/dev/null; SHLVL=$((SHLVL - 1)) bash --login ${options}--noediting -i 2>&1; exit "$?")
printf '\\033]735;%s;X;%d\\a' "$nonce" "$?" >/dev/tty
IFS= read -r nonce
`;

/**
 * Program and arguments of the holder. `-p` keeps out what the environment would make of a bash that runs a script:
 * BASH_ENV, exported functions, SHELLOPTS. The job's bash has them. Without `profile` the job's bash reads none of the user's
 * start-up files.
 */
export function holderCommand({ profile }: { readonly profile: boolean }): readonly string[] {
  return ['bash', '--noprofile', '--norc', '-p', '-c', HOLDER(profile ? '' : '--noprofile ')];
}

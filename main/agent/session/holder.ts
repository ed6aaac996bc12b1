/*
 * The holder is the leader of a session's terminal; the job's bash is its child. When that bash ends, however it did, the
 * holder prints the last mark behind the last output and then waits: a terminal whose leader ends loses what nobody has
 * read yet (measured: 9 of 300 runs). It works the same on a pty, in a container and in a pod, so it is written in bash.
 *
 * `-m` gives the child a process group of its own and takes the terminal back from it afterwards; unlike `set -m` it works on
 * /dev/tty, so the standard error can be shut up: there bash tells, with the line of this script, when a child was killed. The
 * nonce of the last mark is read from the terminal: neither the environment nor the command line of any process has it. The
 * subshell between them is what a job can kill as the parent of its shell. It outlives what a shell is asked to end by, as the
 * holder does; but SIGHUP ends the holder: to the leader of a terminal it comes when the agent is gone.
 */

const HOLDER = (options: string) => `
stty -echo
IFS= read -r nonce
trap : TERM
{ (trap : TERM HUP; SHLVL=$((SHLVL - 1)) bash --login ${options}--noediting -i 2>&1; exit "$?"); } 2>/dev/null
printf '\\033]735;%s;X;%d\\a' "$nonce" "$?" >/dev/tty
IFS= read -r nonce
`;

/**
 * Program and arguments of the holder. `-p` keeps out what the environment would make of a bash that runs a script:
 * BASH_ENV, exported functions, SHELLOPTS. The job's bash has them. Without `profile` the job's bash reads none of the user's
 * start-up files.
 */
export function holderCommand({ profile }: { readonly profile: boolean }): readonly string[] {
  return ['bash', '--noprofile', '--norc', '-p', '-m', '-c', HOLDER(profile ? '' : '--noprofile ')];
}

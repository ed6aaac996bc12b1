/*
 * The holder of a container or pod: the same idea as in holder.ts, for a terminal that outlives its shells. It is the first
 * process there, so a dead bash does not end the container, and starts a new one for each session that is opened.
 *
 * A session is opened by a line that says whether its bash reads the user's profile, and one with the nonce of the last mark.
 * Everything else that comes before is what a shell that died has left unread. The terminal is as it was before the last mark
 * says that another session can be opened. Nothing signals the first process of a container from within but what it has a
 * trap for.
 */

/** The last word of the holder's command line, by which it is known among the processes of a container. */
export const HOLDER_NAME = 'signalbox-holder';

const HOLDER = `
trap : TERM
set -m
stty sane -echo
while :; do
  until [ "$profile" = profile ] || [ "$profile" = noprofile ]; do IFS= read -r profile || exit; done
  IFS= read -r nonce || exit
  (trap : TERM HUP; exec 2>/dev/null; SHLVL=$((SHLVL - 1)) bash --login $([ $profile = profile ] || echo --noprofile) --noediting -i 2>&1; exit "$?")
  status=$?
  stty sane -echo
  printf '\\033]735;%s;X;%d\\a' "$nonce" "$status" >/dev/tty
  profile=
done
`;

function holder(begin: string): readonly string[] {
  return ['bash', '--noprofile', '--norc', '-c', `${begin}${HOLDER}`, HOLDER_NAME];
}

/** Program and arguments of a container's holder. Its sessions begin in the home directory. */
export const CONTAINER_HOLDER = holder('cd 2>/dev/null || cd /');
/** Those of a pod's: its sessions begin where the pod's specification says. */
export const POD_HOLDER = holder('');

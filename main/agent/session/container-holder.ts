/*
 * The holder of a container or pod: the same idea as in holder.ts, for a terminal that outlives its shells. It is the first
 * process there, so a dead bash does not end the container, and starts a new one for each session that is opened.
 *
 * A session is opened by a line that says whether its bash reads the user's profile, and one with the nonce of the last mark.
 * Everything else that comes before is what a shell that died has left unread. The terminal is as it was before the last mark
 * says that another session can be opened. As there, `-m` lets the standard error be shut up. Nothing signals the first
 * process of a container from within but what it has a trap for.
 */

/** The last word of the holder's command line, by which it is known among the processes of a container. */
export const HOLDER_NAME = 'signalbox-holder';

/** What the holder shows once, when it listens and the terminal shows no more what is typed. No mark: it says nothing of a job. */
export const HOLDER_LISTENS = '\x1b]735;holder\x07';

/*
 * Keeps a command from waiting for ever on its own shell, as shell-watch.ts does on this machine: a shell that stopped itself
 * is woken, and a program that replaced it and now reads the terminal, where nobody will ever type for it, is killed. It looks
 * twice a second, with what bash itself can do; `read` from a pipe that nobody writes to is its sleep. That a process reads the
 * terminal is told by where in the kernel it sleeps: in a read as sockets have it too, while it has none; or, as shells with
 * line editing do, in a select, with a terminal that gives each key at once and nothing else to wait for. Which call it is in
 * only parents may ask on many a machine (Yama). Where the kernel does not tell, nothing is done.
 */
const WATCH = `
find_shell() {
  local at stat
  for at in /proc/[0-9]*; do
    read -r stat < "$at/stat" || continue
    set -- $1 \${stat##*) }
    [ "$3" = "$1" ] && [ "$at" != "/proc/$BASHPID" ] && shell=$at
  done
}
reads_terminal() {
  local place children fd
  [ -c "$shell/fd/0" ] || return
  read -r place < "$shell/wchan"
  case $place in
  wait_woken | *tty_read) for fd in "$shell"/fd/*; do [ ! -S "$fd" ] || return; done ;;
  *select* | *poll*)
    read -r children < "$shell/task/\${shell#/proc/}/children"
    [ -z "$children" ] || return
    for fd in "$shell"/fd/*; do [ -c "$fd" ] || [ -f "$fd" ] || [ -p "$fd" ] || return; done
    case $(stty -a <&4) in *-icanon*) ;; *) return 1 ;; esac
    ;;
  *) return 1 ;;
  esac
}
watch() {
  local shell= stat word command waited=
  exec 3<> <(:) 4<&1
  while read -rt 0.5 -u 3; [ $? -gt 128 ] && [ -e "/proc/$1" ]; do
    [ -n "$shell" ] || find_shell "$1"
    read -r stat < "$shell/stat" || { shell=; continue; }
    case \${stat##*) } in T*) kill -CONT "\${shell#/proc/}" ;; esac
    command=
    while IFS= read -r -d '' word; do command+=" $word"; done < "$shell/cmdline"
    case $command in
    ' bash '*'--noediting -i') waited= ;;
    *) if ! reads_terminal; then waited=; elif [ -n "$waited" ]; then kill -KILL "\${shell#/proc/}"; else waited=1; fi ;;
    esac
  done
}
`;

/*
 * The watch is not asked to end but killed: asked, a bash gives the terminal to the holder before it goes, at a time when that
 * has gone on and something else has it. What belongs to the job may do the same, so that no `stty` here minds who has it. A
 * program with job control that outlives its shell takes it when it runs another one, to clean up after a stop, say: then the
 * holder cannot read, and takes it back with whatever it runs itself. A terminal that is gone has no `stty` either.
 */
const HOLDER = ({ options, bare }: Shell) => `
trap : TERM
exec 2>/dev/null
sane() { (trap '' TTOU; exec stty sane -echo) }
listen() { until IFS= read -r "$1"; do sane || exit; done; }
sane
printf '\\033]735;holder\\a' >/dev/tty
while :; do
  until [ "$profile" = profile ] || [ "$profile" = noprofile ]; do listen profile; done
  listen nonce
  (
    trap : TERM HUP
    above=$BASHPID
    watch "$above" &
    SHLVL=$((SHLVL - 1)) bash ${options}$([ $profile = profile ] || echo ${bare}) --noediting -i 2>&1
    status=$?
    kill -KILL $!
    exit "$status"
  )
  status=$?
  sane
  printf '\\033]735;%s;X;%d\\a' "$nonce" "$status" >/dev/tty
  profile=
done
`;

/** How a job's bash is started. */
interface Shell {
  readonly options: '' | '--login ';
  /** The option with which it reads none of the user's files. */
  readonly bare: '--norc' | '--noprofile';
}

function holder(begin: string, shell: Shell): readonly string[] {
  return ['bash', '--noprofile', '--norc', '-m', '-c', `${WATCH}${begin}${HOLDER(shell)}`, HOLDER_NAME];
}

/**
 * Program and arguments of a container's holder. Its sessions begin in the home directory. Their bash is no login shell, as
 * with the reference agent: /etc/profile of many an image takes the PATH back that the image says, and its tools with it.
 */
export const CONTAINER_HOLDER = holder('cd 2>/dev/null || cd /', { options: '', bare: '--norc' });
/** Those of a pod's: its sessions begin where the pod's specification says, and are of login shells. */
export const POD_HOLDER = holder('', { options: '--login ', bare: '--noprofile' });

import type { Random } from '../platform/random.ts';

/*
 * Marks tell what bash is doing apart from what a job prints. A mark is
 *
 *     ESC ] 735 ; <nonce> ; <kind> [; <field>]… BEL
 *
 * with 128 random bits as its nonce, a new one for every command, so that nothing a job prints can be taken for one. Digits
 * and capitals only: a job that sets `stty olcuc` must not change it.
 *
 * How they are written. A job may redefine `echo`, `printf`, `builtin` and everything else that is a command, and may point
 * the shell's own output elsewhere (`exec >file`). What it cannot redefine are bash's reserved words. `time` is one, prints
 * $TIMEFORMAT, and obeys a redirection to the terminal; the variable is given to a function for the length of one call, so
 * nothing of it stays. Each use stands in a group whose output goes to /dev/null: that swallows what `set -x` or a DEBUG trap
 * would say about it. What is typed holds `\e` and `\a` as letters, so an echo of it is never a mark.
 */

/** The function in the job's shell that prints $TIMEFORMAT on the terminal. */
const PRINT = '__signalbox_mark';

/** Every mark starts with this, and its nonce follows. */
export const MARK_INTRODUCER = '\x1b]735;';
export const MARK_TERMINATOR = 0x07;

/** Length of a nonce in characters: 128 bits in hexadecimal. */
export const NONCE_LENGTH = 32;

/** What a mark says: bash is ready, a command begins or ended, bash is back at its prompt, bash is gone. */
export type MarkKind = 'R' | 'B' | 'E' | 'P' | 'X';

/** A mark as it was found in the stream. */
export interface Mark {
  readonly nonce: string;
  readonly kind: MarkKind;
  /** Exit code and process id of the shell, where the kind has them. */
  readonly fields: readonly number[];
}

/** A word of 128 random bits that output cannot guess. */
export function createNonce(random: Random): string {
  return Buffer.from(random.bytes(NONCE_LENGTH / 2))
    .toString('hex')
    .toUpperCase();
}

/** Reads what stands between the nonce and the terminator, `;E;0` for instance. */
export function parseMark(nonce: string, body: string): Mark | undefined {
  const match = /^;([RBEPX])((?:;\d+)*)$/.exec(body);
  if (!match) return undefined;
  const fields = (match[2] ?? '').split(';').slice(1).map(Number);
  return { nonce, kind: match[1] as MarkKind, fields };
}

/** `kind` and `fields` as a word of bash that expands to the mark; fields are expansions such as `$?`. */
function markWord(nonce: string, kind: MarkKind, fields: readonly string[] = []): string {
  const expansions = fields.map((field) => `';'${field}`).join('');
  return `$'\\e]735;${nonce};${kind}'${expansions}$'\\a'`;
}

function printMark(nonce: string, kind: MarkKind, fields?: readonly string[]): string {
  return `{ TIMEFORMAT=${markWord(nonce, kind, fields)} ${PRINT}; } >/dev/null 2>&1`;
}

/**
 * What is typed first, when the profile has been read. The mark's fields are the process ids of the shell and of its parent,
 * then the ids of its user and group. `beginsAtHome`: the session starts in the home directory, wherever a profile went. History
 * is switched off: what we type has no place in the user's ~/.bash_history, nor where a job can read it.
 */
export function readyLine(nonce: string, { beginsAtHome }: { readonly beginsAtHome: boolean }): string {
  return `${beginsAtHome ? 'cd ~; ' : ''}HISTFILE=; set +o history; history -c; ${PRINT}() { { time; } 2>/dev/tty; }; ${printMark(nonce, 'R', ['$$', '$PPID', '$EUID', '$GROUPS'])}\n`;
}

/**
 * What is typed to run the script at `path`. Two lines: an assignment that fails (`readonly PS1`) ends its own line only.
 * The prompt is the safety net: when the command in the foreground dies of SIGINT, bash throws the rest of the line away,
 * end mark included, and goes back to its prompt. The process id tells it from the prompt of a bash within the command.
 * The `\\` keeps an alias of `.` out.
 */
export function runLines(nonce: string, path: string): string {
  return `PS1='\\e]735;${nonce};P;$?;$$\\a'\n\\. ${quote(path)}; ${printMark(nonce, 'E', ['$?'])}\n`;
}

/**
 * Makes the next line the first one, for `$LINENO` and for what bash says of errors. Only the expansion of a redirection can
 * do it: bash takes the line number back behind every command.
 */
const COUNT_FROM_HERE = `{ [[ 1 ]]; } 2>/dev/null >/dev/null\${-:LINENO=0:0}`;

/**
 * The script of one command: sourced, so that `cd` and `export` stay, `return` works and no job notices come. It ends as the
 * directive does: behind a last `\` a newline would say something else.
 */
export function commandScript(nonce: string, directive: string): string {
  return `${printMark(nonce, 'B')}; ${COUNT_FROM_HERE}\n${directive}`;
}

/** A command that prints the value of a variable on the terminal, by the same means as a mark. */
export function printVariable(name: string): string {
  return `{ TIMEFORMAT=\${${name}-} ${PRINT}; } >/dev/null 2>&1`;
}

/** A text as one word of bash. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

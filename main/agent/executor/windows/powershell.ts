/*
 * What PowerShell is given to run. There is no session on Windows: each command is a process of its own, and what it leaves
 * of environment and folder is handed on to the next one by a file. The form is that of the reference agent
 * (`pkg/shell/process.go`), with three differences: the file is UTF-8 and takes values of several lines, `$` in a value stays
 * what it is, and nothing of ours stands in the job's environment.
 */

/** Without it Windows PowerShell reads a script in the machine's old code page. */
const BYTE_ORDER_MARK = '\ufeff';

/** Program and arguments that run a script file. */
export function powerShellCommand(scriptPath: string): readonly string[] {
  return ['powershell', '-NoProfile', '-NonInteractive', '-ExecutionPolicy', 'Bypass', '-File', scriptPath];
}

/** The script of one command. Behind it the folder and the environment stand in `statePath`, for `parseState`. */
export function commandScript(directive: string, statePath: string): string {
  const lines = [
    '$ErrorActionPreference = "STOP"',
    '[Console]::OutputEncoding = [Text.Encoding]::UTF8',
    directive,
    '$signalboxCode = if ($LASTEXITCODE -eq $null) { 0 } else { $LASTEXITCODE }',
    '$signalboxState = @($PWD.ProviderPath) + @(Get-ChildItem Env: | ForEach-Object { "$($_.Name)=$($_.Value)" })',
    `[IO.File]::WriteAllText(${singleQuoted(statePath)}, ($signalboxState -join [string][char]0))`,
    'exit $signalboxCode',
  ];
  return `${BYTE_ORDER_MARK}${lines.join('\r\n')}\r\n`;
}

/** A directive that gives a variable its value. */
export function exportLine(name: string, value: string): string {
  return `$env:${name} = ${quoteForPowerShell(value)}`;
}

/** A text as one value of PowerShell, as it is. */
export function quoteForPowerShell(text: string): string {
  return `"${text.replace(/[`"$]/g, '`$&')}"`;
}

/** What a command left behind. Undefined where it ended before it could say. */
export interface PowerShellState {
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** Reads what `commandScript` wrote. */
export function parseState(text: string): PowerShellState | undefined {
  const [folder = '', ...entries] = text.split('\0');
  if (folder === '') return undefined;
  const pairs = entries.map((entry): [string, string] => {
    // Windows keeps the folder of each drive in variables such as `=C:`.
    const at = entry.indexOf('=', 1);
    return [entry.slice(0, at), entry.slice(at + 1)];
  });
  return { folder, environment: Object.fromEntries(pairs.filter(([name]) => name !== '' && !name.startsWith('='))) };
}

function singleQuoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

import { describe, expect, it } from 'vitest';
import { commandScript, exportLine, parseState, powerShellCommand, quoteForPowerShell } from './powershell.ts';

describe('what PowerShell is given', () => {
  it('is a script file, run without a profile and without questions', () => {
    expect(powerShellCommand('C:\\Temp\\c.ps1')).toEqual([
      'powershell',
      ...['-NoProfile', '-NonInteractive', '-ExecutionPolicy', 'Bypass', '-File', 'C:\\Temp\\c.ps1'],
    ]);
  });

  it('stops at the first error, tells its exit code, and hands folder and environment on', () => {
    expect(commandScript('echo "ü"\ncd C:\\', "C:\\it's\\state")).toBe(
      [
        '\ufeff$ErrorActionPreference = "STOP"',
        '[Console]::OutputEncoding = [Text.Encoding]::UTF8',
        'echo "ü"\ncd C:\\',
        '$signalboxCode = if ($LASTEXITCODE -eq $null) { 0 } else { $LASTEXITCODE }',
        '$signalboxState = @($PWD.ProviderPath) + @(Get-ChildItem Env: | ForEach-Object { "$($_.Name)=$($_.Value)" })',
        "[IO.File]::WriteAllText('C:\\it''s\\state', ($signalboxState -join [string][char]0))",
        'exit $signalboxCode',
        '',
      ].join('\r\n'),
    );
  });

  it.each([
    ['plain', '"plain"'],
    ['say "hi"', '"say `"hi`""'],
    ['a`b', '"a``b"'],
    ['$HOME $(id)', '"`$HOME `$(id)"'],
    ['two\nlines', '"two\nlines"'],
    ['', '""'],
  ])('quotes %j', (value, quoted) => {
    expect(quoteForPowerShell(value)).toBe(quoted);
    expect(exportLine('NAME', value)).toBe(`$env:NAME = ${quoted}`);
  });

  it('reads what a command left', () => {
    expect(parseState('C:\\work\0A=1=2\0B=two\nlines\0=C:=C:\\old\0EMPTY=')).toEqual({
      folder: 'C:\\work',
      environment: { A: '1=2', B: 'two\nlines', EMPTY: '' },
    });
    expect(parseState('')).toBeUndefined();
  });
});

import { type AgentSnapshot, headline } from '../../../shared/agent-snapshot.ts';

export interface ReportFacts {
  readonly now: Date;
  /** Names and versions: the app, its runtime, the system. */
  readonly versions: Readonly<Record<string, string>>;
  /** Where each setting that is not a default comes from. Values are nobody's business. */
  readonly origins: readonly { readonly name: string; readonly where: string }[];
  readonly snapshot: AgentSnapshot;
  /** What checks found when they were last run; empty where they were not. */
  readonly checks: string;
  /** Of the agent's own log, the oldest first. */
  readonly lines: readonly string[];
  /** Takes out what only its owner may see. */
  readonly redact: (text: string) => string;
}

/** What one wants to know to help somebody, as text to paste into an issue. Redacted as a whole, at the very end. */
export function diagnosticsReport({ now, versions, origins, snapshot, checks, lines, redact }: ReportFacts): string {
  const { first, second } = headline(snapshot, now.getTime());
  const parts = [
    `Signalbox diagnostics, ${now.toISOString()}`,
    section(
      'Versions',
      Object.entries(versions).map(([name, version]) => `${name}: ${version}`),
    ),
    section('State', [first, second]),
    section('Snapshot', [JSON.stringify(snapshot, undefined, 2)]),
    section(
      'Settings that are not defaults, without their values',
      origins.map(({ name, where }) => `${name}: from ${where}`),
    ),
    section('Checks, as they were last run', checks === '' ? [] : [checks.trimEnd()]),
    section(`Last ${lines.length} lines of the agent's log`, lines),
  ];
  return redact(`${parts.join('\n\n')}\n`);
}

function section(title: string, lines: readonly string[]): string {
  return `## ${title}\n${lines.length === 0 ? 'none' : lines.join('\n')}`;
}

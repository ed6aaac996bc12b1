/** A line of a job's log, as it is kept on this computer. */
export interface LogLink {
  readonly job: string;
  /** From 0. */
  readonly line: number;
}

/** A link that opens the app at a line of a log. People count lines from 1. */
export function permalink({ job, line }: LogLink): string {
  return `signalbox://log/${encodeURIComponent(job)}?line=${line + 1}`;
}

/** What a link leads to; undefined for anything that is no link of ours, to the letter. */
export function parsePermalink(text: string): LogLink | undefined {
  const [, job, line] = /^signalbox:\/\/log\/([\w.%-]{1,200})\?line=(\d{1,12})$/.exec(text) ?? [];
  if (!job || !line || Number(line) < 1) return undefined;
  try {
    return { job: decodeURIComponent(job), line: Number(line) - 1 };
  } catch {
    return undefined;
  }
}

import type { JobLog } from './job-log.ts';

/** Who looks on while a log is written. */
export interface LogWatcher {
  /** The job has said its first word. */
  onFirstOutput?(): void;
  /** A command has ended, under the name that the log has for it. */
  onCommandFinished?(directive: string, exitCode: number): void;
}

/** A job's log that somebody looks on at. Everything else is the log's. */
export function watchLog(log: JobLog, watcher: LogWatcher): JobLog {
  let hasOutput = false;
  let directive = '';
  return {
    jobStarted: () => log.jobStarted(),
    commandStarted(name) {
      directive = name;
      log.commandStarted(name);
    },
    output(bytes) {
      if (!hasOutput) watcher.onFirstOutput?.();
      hasOutput = true;
      log.output(bytes);
    },
    line: (text) => log.line(text),
    commandFinished(exitCode) {
      watcher.onCommandFinished?.(directive, exitCode);
      log.commandFinished(exitCode);
    },
    jobFinished: (result) => log.jobFinished(result),
    get backlog() {
      return log.backlog;
    },
    drained: () => log.drained(),
    close: () => log.close(),
  };
}

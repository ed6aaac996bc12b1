import { useCallback, useEffect, useRef, useState } from 'react';
import type { OpenedLog } from '../../shared/contract/log.ts';
import { useBridge } from '../bridge-context.ts';
import { useNow } from '../frame/use-now.ts';
import { useView } from '../frame/view-store.ts';
import { FollowButton } from './follow-button.tsx';
import styles from './log.module.css';
import { LogBar } from './log-bar.tsx';
import { LogBody, type LogBodyHandle } from './log-body.tsx';
import { logCaller } from './log-caller.ts';
import { useLog } from './log-store.ts';
import { useLogActions } from './use-log-actions.ts';

/** The log of a job, or with an empty id that of the newest one. */
export function LogView({ job }: { readonly job: string }) {
  const bridge = useBridge();
  const { state, log, show } = useLog();
  useEffect(() => {
    // A second way would show the log once more, and who has begun to read would be back at its end.
    if (!logCaller()) bridge.command('readLogs', null);
    show(job);
  }, [bridge, job, show]);
  return (
    <section className={styles.view} aria-label="Log">
      {log ? <OpenLog key={log.id} log={log} /> : <NoLog isWaiting={state === 'waiting'} isNewest={job === ''} />}
    </section>
  );
}

function NoLog({ isWaiting, isNewest }: { readonly isWaiting: boolean; readonly isNewest: boolean }) {
  if (isWaiting) return <p className={styles.empty}>Opening the log…</p>;
  const text = isNewest
    ? 'No log to show yet. The log of a job appears here while it runs, and stays until the next one begins.'
    : 'The log of this job is not on this computer any more.';
  return <p className={styles.empty}>{text}</p>;
}

/** A log with what can be done with it. */
function OpenLog({ log }: { readonly log: OpenedLog }) {
  const [wraps, setWraps] = useState(false);
  const [isAtEnd, setAtEnd] = useState(true);
  const [markedLine, setMarkedLine] = useState<number>();
  const body = useRef<LogBodyHandle>(null);
  const searchField = useRef<HTMLInputElement>(null);
  const goTo = useCallback((line: number) => {
    setMarkedLine(line);
    body.current?.reveal(line);
  }, []);
  const actions = useLogActions({ log, body, searchField, goTo });
  useRequestedLine(log, goTo);
  const now = useNow();
  const isRead = log.indexedBytes >= log.bytes || log.end === undefined;
  const [leftAt, setLeftAt] = useState(0);
  const onFollowing = (follows: boolean) => {
    setAtEnd(follows);
    setLeftAt(log.lines);
  };
  return (
    <>
      <LogBar
        log={log}
        now={now}
        actions={actions}
        searchField={searchField}
        wraps={wraps}
        onWrap={setWraps}
        markedLine={markedLine}
      />
      {isRead ? (
        <>
          <LogBody
            log={log}
            wraps={wraps}
            markedLine={markedLine}
            now={now}
            handle={body}
            onFollowing={onFollowing}
            onLink={actions.openLink}
          />
          <FollowButton
            isRunning={log.end === undefined}
            isAtEnd={isAtEnd}
            newLines={log.lines - leftAt}
            onFollow={() => body.current?.toEnd()}
          />
        </>
      ) : (
        <Preview log={log} />
      )}
    </>
  );
}

/** A log without an index: its end, while the rest is read through. */
function Preview({ log }: { readonly log: OpenedLog }) {
  const percent = Math.floor((log.indexedBytes / Math.max(1, log.bytes)) * 100);
  return (
    <>
      <p
        className={styles.reading}
        role="status"
      >{`Reading the whole log for the first time: ${percent} %. This is its end.`}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard */}
      <pre className={styles.preview} tabIndex={0} ref={(element) => element?.scrollTo(0, element.scrollHeight)}>
        {log.preview.join('\n')}
      </pre>
    </>
  );
}

/** Goes to the line that somebody asked for when they opened the log. */
function useRequestedLine(log: OpenedLog, goTo: (line: number) => void): void {
  const { logJob, logLine } = useView();
  const isThere = logLine !== undefined && (logJob === '' || logJob === log.id) && logLine.line < log.lines;
  useEffect(() => {
    if (isThere) goTo(logLine.line);
  }, [isThere, logLine, goTo]);
}

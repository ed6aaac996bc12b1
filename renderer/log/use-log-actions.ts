import { type RefObject, useEffect, useRef, useState } from 'react';
import type { LogQuery, OpenedLog, TextPlace } from '../../shared/contract/log.ts';
import { MAX_COPY } from '../../shared/contract/main-renderer.ts';
import { parsePermalink, permalink } from '../../shared/permalink.ts';
import { useBridge } from '../bridge-context.ts';
import { useView } from '../frame/view-store.ts';
import type { LogBodyHandle } from './log-body.tsx';
import { logCaller } from './log-caller.ts';
import { useLog } from './log-store.ts';
import { useSearch } from './search-store.ts';
import { ordered } from './selection.ts';

const ANSWER_LIMIT_MS = 60_000;
/** So long one sees what an action has to say. */
const MESSAGE_MS = 6_000;
/** A dialog stands open as long as its user likes. */
const DIALOG_LIMIT_MS = 24 * 3_600_000;

export interface LogActions {
  readonly copy: () => void;
  readonly copyLink: (line: number) => void;
  readonly save: () => void;
  readonly foldAll: (isOpen: boolean) => void;
  readonly firstFailure: () => void;
  readonly find: (direction: 'next' | 'previous') => void;
  /** Searches for something else, from where the reader is. */
  readonly search: (change: Partial<LogQuery>) => void;
  readonly openLink: (url: string) => void;
  readonly goToLine: (text: string) => void;
  /** The line at the upper edge. */
  readonly topLine: () => number;
  /** What the last one has to say. */
  readonly message: string;
}

interface ActionParts {
  readonly log: OpenedLog;
  readonly body: RefObject<LogBodyHandle | null>;
  readonly searchField: RefObject<HTMLInputElement | null>;
  readonly goTo: (line: number) => void;
}

/** What a reader does with a log, by buttons and keys. */
export function useLogActions({ log, body, searchField, goTo }: ActionParts): LogActions {
  const bridge = useBridge();
  const [message, setMessage] = useState('');
  const topLine = () => body.current?.topLine() ?? 0;
  const find = async (direction: 'next' | 'previous', from: TextPlace) => {
    const match = await useSearch.getState().go(direction, from);
    if (match) body.current?.reveal(match.line);
  };
  const actions: Omit<LogActions, 'message'> = {
    async copy() {
      const selection = body.current?.selection();
      if (!selection) return setMessage('Nothing is selected: drag over the text');
      const { from, to } = ordered(selection);
      const text = await textBetween(from, to);
      if (text === undefined) return setMessage('Too much to copy: save the log instead');
      bridge.command('copyText', { text });
      const lines = to.line - from.line + 1;
      setMessage(lines === 1 ? 'Copied' : `Copied ${lines.toLocaleString('en')} lines`);
    },
    copyLink(line) {
      bridge.command('copyText', { text: permalink({ job: log.id, line }) });
      setMessage(`Link to line ${line + 1} copied`);
    },
    async save() {
      const { problem } = await bridge
        .request('saveLog', { job: log.id, name: log.name }, DIALOG_LIMIT_MS)
        .catch(() => ({ problem: 'The log was not saved: the agent does not answer' }));
      setMessage(problem);
    },
    foldAll: (isOpen) => useLog.getState().foldAll(isOpen),
    async firstFailure() {
      const found = await logCaller()
        ?.request('firstFailure', null, ANSWER_LIMIT_MS)
        .catch(() => null);
      if (found) goTo(found.line);
      setMessage(found ? '' : 'No command of this job has failed');
    },
    find: (direction) => find(direction, { line: topLine(), column: 0 }),
    search(change) {
      // A match that is in view may match what is typed next as well.
      const { current, change: begin } = useSearch.getState();
      const isStill = current !== undefined && body.current?.isInView(current.line) === true;
      const from = isStill ? { line: current.line, column: current.start } : { line: topLine(), column: 0 };
      begin(change, from.line);
      void find('next', from);
    },
    openLink: (url) => bridge.command('openLink', { url }),
    goToLine(text) {
      const link = parsePermalink(text.trim());
      if (link && link.job !== log.id) return useView.getState().openLog(link.job, link.line);
      const line = link ? link.line + 1 : Number(text.replaceAll(/[,.\s]/g, ''));
      if (!Number.isInteger(line) || line < 1) return setMessage('Type the number of a line');
      goTo(Math.min(line, log.lines) - 1);
      setMessage('');
    },
    topLine,
  };
  useKeys(actions, searchField, body);
  // It stands where the run's facts are, and is soon read.
  useEffect(() => {
    if (message === '') return undefined;
    const timer = setTimeout(() => setMessage(''), MESSAGE_MS);
    return () => clearTimeout(timer);
  }, [message]);
  return { ...actions, message };
}

/** The text, in parts from the agent; undefined for more than the clipboard gets. */
async function textBetween(from: TextPlace, to: TextPlace): Promise<string | undefined> {
  let text = '';
  for (let next: TextPlace | undefined = from; next; ) {
    const part: { text: string; next?: TextPlace | undefined } | undefined = await logCaller()
      ?.request('text', { from: next, to }, ANSWER_LIMIT_MS)
      .catch(() => undefined);
    text += part?.text ?? '';
    if (text.length > MAX_COPY) return undefined;
    next = part?.next;
  }
  return text;
}

/** Ctrl (or Cmd) with F, G, Shift+G, E; in the log itself the letters alone do the same. */
function useKeys(
  actions: Omit<LogActions, 'message'>,
  searchField: RefObject<HTMLInputElement | null>,
  body: RefObject<LogBodyHandle | null>,
): void {
  const latest = useRef(actions);
  latest.current = actions;
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const inLog = (event.target as Element).closest?.('[role="log"]');
      const isCommand = (event.ctrlKey || event.metaKey) && !event.altKey;
      if (event.altKey || (!isCommand && !inLog)) return;
      const keys: Readonly<Record<string, () => void>> = {
        f: () => searchField.current?.select(),
        g: () => latest.current.find(event.shiftKey ? 'previous' : 'next'),
        e: () => latest.current.firstFailure(),
        ...(isCommand ? { end: () => body.current?.toEnd() } : {}),
        // Elsewhere it copies what the page itself has selected.
        ...(isCommand && inLog ? { c: () => latest.current.copy() } : {}),
      };
      const act = keys[event.key.toLowerCase()];
      if (!act) return;
      event.preventDefault();
      act();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [searchField, body]);
}

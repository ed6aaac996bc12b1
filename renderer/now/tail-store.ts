import { create } from 'zustand';
import type { AwaitedCommands, TailCommand, TailMessage } from '../../shared/contract/tail.ts';
import { NO_LINES, type TailLines, withLine, withOutput } from '../ui/tail-lines.ts';

export interface TailJob {
  readonly id: string;
  readonly name: string;
  readonly startedAt: number;
  readonly end?: { readonly result: string; readonly at: number };
}

interface TailView {
  /** The job that runs, or the last one; undefined as long as there was none. */
  readonly job: TailJob | undefined;
  /** Its newest commands, in their order. */
  readonly commands: readonly TailCommand[];
  readonly awaited: AwaitedCommands;
  readonly tail: TailLines;
  /** The command to which the last output belongs. */
  readonly number: number;
}

interface TailSlice extends TailView {
  take(batch: readonly TailMessage[]): void;
  clear(): void;
}

const KEPT_COMMANDS = 500;
const NOTHING_AWAITED: AwaitedCommands = { names: [], more: 0, skipped: 0 };
const NOTHING: TailView = { job: undefined, commands: [], awaited: NOTHING_AWAITED, tail: NO_LINES, number: -1 };

/** The commands and the last output of a job, as they come from the agent. */
export const useTail = create<TailSlice>()((set) => ({
  ...NOTHING,
  take: (batch) => set((slice) => batch.reduce<TailView>(afterMessage, slice)),
  clear: () => set(NOTHING),
}));

function afterMessage(view: TailView, message: TailMessage): TailView {
  switch (message.kind) {
    case 'job': {
      const { id, name, startedAt } = message;
      return { ...NOTHING, job: { id, name, startedAt } };
    }
    case 'command':
      return { ...view, commands: withCommand(view.commands, message.command) };
    case 'awaited':
      return { ...view, awaited: message };
    case 'output':
      return withOutputOf(view, message.number, message.text);
    case 'skipped':
      return {
        ...view,
        tail: withLine(view.tail, 'skipped', `${megabytes(message.bytes)} MB of output not shown here`),
      };
    case 'ended':
      return view.job ? { ...view, job: { ...view.job, end: { result: message.result, at: message.at } } } : view;
  }
}

function withCommand(commands: readonly TailCommand[], command: TailCommand): readonly TailCommand[] {
  const isKnown = commands.some(({ number }) => number === command.number);
  if (!isKnown) return [...commands, command].slice(-KEPT_COMMANDS);
  return commands.map((one) => (one.number === command.number ? command : one));
}

/** The first output of a command stands under its name. */
function withOutputOf(view: TailView, number: number, text: string): TailView {
  const directive = view.commands.find((command) => command.number === number)?.directive;
  const begins = number !== view.number && directive !== undefined;
  const tail = begins ? withLine(view.tail, 'heading', directive) : view.tail;
  return { ...view, number, tail: withOutput(tail, text) };
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}

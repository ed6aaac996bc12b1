import type { AwaitedCommands } from '../../../shared/contract/tail.ts';
import { shortDirective } from '../log/index/log-index.ts';
import type { SecretMask } from '../log/masking/secret-mask.ts';
import type { JobOutlook } from './job-outlook.ts';
import type { JobCommand } from './job-request.ts';

/** So many commands are told by their names; of those behind them only how many there are. */
const NAMED = 100;

interface Foresight {
  /** What the log calls a command. */
  nameOf(command: JobCommand): string;
  foresee(outlook: JobOutlook): void;
  /** As it is now; undefined before anything was foreseen. Another object whenever it is another outlook. */
  readonly awaited: () => AwaitedCommands | undefined;
}

/** What is to come of a job, as windows may see it: commands are called as the log will call them, without its secrets. */
export function createForesight(mask: SecretMask | undefined): Foresight {
  const names = new WeakMap<JobCommand, string>();
  let awaited: AwaitedCommands | undefined;
  const nameOf = (command: JobCommand): string => {
    const known = names.get(command);
    if (known !== undefined) return known;
    const name = command.alias || command.directive;
    // Masked first: a secret that is cut would not be known for one.
    const shown = shortDirective(mask?.maskText(name) ?? name);
    names.set(command, shown);
    return shown;
  };
  return {
    nameOf,
    awaited: () => awaited,
    foresee({ awaited: commands, skipped }) {
      const named = commands.slice(0, NAMED);
      awaited = { names: named.map(nameOf), more: commands.length - named.length, skipped };
    },
  };
}

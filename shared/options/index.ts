import { appOptions, powerOptions } from './app.ts';
import { connectionOptions } from './connection.ts';
import { containerOptions, kubernetesOptions } from './containers.ts';
import { hookOptions, jobOptions, logOptions } from './jobs.ts';
import type { OptionCommand, OptionRow, ValueOf } from './option.ts';
import { policyOptions } from './policy.ts';
import { serverOptions } from './server.ts';

/** Every option there is. Flags, variables, YAML keys, help texts, the example file and the README's table come from here. */
export const OPTIONS = [
  ...connectionOptions,
  ...jobOptions,
  ...hookOptions,
  ...logOptions,
  ...containerOptions,
  ...kubernetesOptions,
  ...policyOptions,
  ...powerOptions,
  ...appOptions,
  ...serverOptions,
] as const;

type KnownRow = (typeof OPTIONS)[number];
export type OptionName = KnownRow['name'];

/** A value for every option. */
export type OptionValues = { readonly [N in OptionName]: ValueOf<Extract<KnownRow, { name: N }>> };

/** The options of a command, in the order of the table. */
export function optionsOf(command: OptionCommand): readonly (OptionRow & { readonly name: OptionName })[] {
  return OPTIONS.filter((row) => (row.commands as readonly OptionCommand[]).includes(command));
}

import type { CaseJob } from './case.ts';
import { fillIn, type Places } from './normalise.ts';

/** A job of a case as the hub has it: directives as objects, values and contents in base64. */
export function toJobRequest(job: CaseJob, id: string, places: Places): Record<string, unknown> {
  const { hold: _, ...rest } = job;
  const filled = JSON.parse(fillInJson(JSON.stringify(rest), places)) as CaseJob;
  const lists = [
    'commands',
    'epilogue_always_commands',
    'epilogue_on_pass_commands',
    'epilogue_on_fail_commands',
  ] as const;
  const commands = lists.flatMap((key) => (filled[key] ? [[key, filled[key].map(toCommand)] as const] : []));
  return {
    executor: 'shell',
    ...filled,
    ...Object.fromEntries(commands),
    job_id: job.job_id ?? id,
    ...withEncodedValues(filled),
    ...(filled.compose ? { compose: toCompose(filled.compose) } : {}),
  };
}

function toCompose(compose: NonNullable<CaseJob['compose']>): Record<string, unknown> {
  return {
    ...compose,
    containers: compose.containers?.map((one) => ({ ...one, ...withEncodedValues(one) })),
    image_pull_credentials: compose.image_pull_credentials?.map((one) => ({ ...one, ...withEncodedValues(one) })),
    host_setup_commands: compose.host_setup_commands?.map(toCommand),
  };
}

function withEncodedValues({ env_vars: variables, files }: Pick<CaseJob, 'env_vars' | 'files'>) {
  return {
    env_vars: variables?.map(({ name, value, base64 }) => ({ name, value: encoded(value, base64) })),
    files: files?.map(({ path, mode, content, base64 }) => ({ path, mode, content: encoded(content, base64) })),
  };
}

function toCommand(command: string | { readonly directive: string; readonly alias?: string | undefined }): unknown {
  return typeof command === 'string' ? { directive: command } : command;
}

/** `base64` is sent as it stands; everything else is encoded. */
function encoded(text: string | undefined, base64: string | undefined): string {
  return base64 ?? Buffer.from(text ?? '').toString('base64');
}

/** Fills in within a JSON text, where a path is written as JSON writes it. */
function fillInJson(json: string, places: Places): string {
  const escaped = Object.fromEntries(
    Object.entries(places).map(([name, value]) => [name, JSON.stringify(value).slice(1, -1)]),
  );
  return fillIn(json, escaped as Places);
}

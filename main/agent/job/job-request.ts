import { z } from 'zod';

/*
 * The job request as the hub sends it (`GET /jobs/{id}`), or as a YAML file says it for `run`.
 * Source: the reference agent, `pkg/api/job_request.go`. Missing keys and null are empty; unknown keys are passed over.
 */

function orElse<T extends z.ZodType>(schema: T, empty: z.output<T>) {
  return schema.nullish().transform((value): z.output<T> => (value ?? empty) as z.output<T>);
}
function listOf<T extends z.ZodType>(item: T) {
  return orElse(z.array(item), [] as z.output<T>[] as z.output<z.ZodArray<T>>);
}

/** Half a surrogate pair is no character: it becomes U+FFFD, in the log as in what bash reads. */
const wellFormed = z.string().transform((value) => Buffer.from(value).toString());
const text = orElse(wellFormed, '');

/**
 * An object as the hub may send it: null in a list is one without keys, and keys are the same in capitals, as Go reads them.
 * A request whose keys were all unknown would pass without having run anything.
 */
function item<T extends z.ZodRawShape>(shape: T) {
  return z.preprocess(withLowerCaseKeys, z.object(shape));
}

function withLowerCaseKeys(value: unknown): unknown {
  if (value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value)) return value;
  const entries = Object.entries(value);
  const others = entries.map(([key, entry]): [string, unknown] => [key.toLowerCase(), entry]);
  return { ...Object.fromEntries(others), ...value };
}

const variableSchema = item({ name: text, value: text });
const fileSchema = item({ path: text, content: text, mode: text });
const commandSchema = item({ directive: text, alias: text });

const containerSchema = item({
  name: text,
  image: text,
  command: text,
  entrypoint: text,
  user: text,
  env_vars: listOf(variableSchema),
});

const credentialSchema = item({ env_vars: listOf(variableSchema), files: listOf(fileSchema) });

const composeSchema = item({
  containers: listOf(containerSchema),
  image_pull_credentials: listOf(credentialSchema),
  host_setup_commands: listOf(commandSchema),
});

const callbacksSchema = item({ finished: text, teardown_finished: text, token: text });
const loggerSchema = item({
  method: orElse(z.enum(['', 'pull', 'push']), ''),
  url: text,
  token: text,
  /** None for 0 and less. */
  max_size_in_bytes: orElse(z.number().int(), 0),
});

/** One schema for both ways in. Values of variables and contents of files are base64 as they came. */
export const jobRequestSchema = item({
  job_id: text,
  executor: text,
  compose: orElse(composeSchema, { containers: [], image_pull_credentials: [], host_setup_commands: [] }),
  commands: listOf(commandSchema),
  epilogue_always_commands: listOf(commandSchema),
  epilogue_on_pass_commands: listOf(commandSchema),
  epilogue_on_fail_commands: listOf(commandSchema),
  env_vars: listOf(variableSchema),
  files: listOf(fileSchema),
  ssh_public_keys: listOf(z.string()),
  callbacks: orElse(callbacksSchema, { finished: '', teardown_finished: '', token: '' }),
  logger: orElse(loggerSchema, { method: '', url: '', token: '', max_size_in_bytes: 0 }),
});

export type JobRequest = z.infer<typeof jobRequestSchema>;
export type JobFile = JobRequest['files'][number];
export type JobCommand = JobRequest['commands'][number];

/** What parsing a job request gives. `problem` is one line that names the field, never its value. */
export type ParsedJobRequest =
  | { readonly ok: true; readonly request: JobRequest }
  /** `at`: where in the request the field is; undefined where there was no request at all. */
  | { readonly ok: false; readonly problem: string; readonly at?: readonly PropertyKey[] };

/** Checks the shape of a job request that is already an object. */
export function parseJobRequest(input: unknown): ParsedJobRequest {
  if (input === null) return { ok: false, problem: 'the request: expected object' };
  const parsed = jobRequestSchema.safeParse(input);
  if (parsed.success) return { ok: true, request: parsed.data };
  const issue = parsed.error.issues[0];
  const path = issue?.path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('') ?? '';
  return {
    ok: false,
    at: issue?.path ?? [],
    problem: `${path.replace(/^\./, '') || 'the request'}: ${issue ? expectation(issue) : 'wrong shape'}`,
  };
}

/** What was expected, in words that cannot hold the value. */
function expectation(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') return `expected ${issue.expected}`;
  if (issue.code === 'invalid_value') return `expected one of ${issue.values.filter(Boolean).join(', ')}`;
  return 'not of the expected shape';
}

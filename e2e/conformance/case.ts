import { z } from 'zod';

/*
 * A case: what goes in, and what the reference agent was seen to do. The files in e2e/cases are data, recorded against a
 * hub and a log server on the loopback interface. `{{HOME}}`, `{{TMP}}`, `{{CASE}}`, `{{WORK}}`, `{{HUB}}` and `{{HOST}}`
 * stand for the test's own paths and addresses.
 */

const command = z.union([z.string(), z.object({ directive: z.string(), alias: z.string().optional() })]);
const variable = z.object({ name: z.string(), value: z.string().optional(), base64: z.string().optional() });
const file = z.object({
  path: z.string(),
  content: z.string().optional(),
  base64: z.string().optional(),
  mode: z.string(),
});

/** A job, readable: texts for commands, values and contents that are still to be encoded. */
export const caseJobSchema = z.looseObject({
  job_id: z.string().optional(),
  executor: z.string().optional(),
  commands: z.array(command).optional(),
  epilogue_always_commands: z.array(command).optional(),
  epilogue_on_pass_commands: z.array(command).optional(),
  epilogue_on_fail_commands: z.array(command).optional(),
  env_vars: z.array(variable).optional(),
  files: z.array(file).optional(),
  compose: z
    .looseObject({
      containers: z.array(z.looseObject({ env_vars: z.array(variable).optional() })).optional(),
      image_pull_credentials: z
        .array(z.looseObject({ env_vars: z.array(variable).optional(), files: z.array(file).optional() }))
        .optional(),
      host_setup_commands: z.array(command).optional(),
    })
    .optional(),
  logger: z.looseObject({ method: z.string() }).optional(),
  callbacks: z.record(z.string(), z.string()).optional(),
  /** Not queued until the script says so. */
  hold: z.boolean().optional(),
});
export type CaseJob = z.infer<typeof caseJobSchema>;

export const faultSchema = z.strictObject({
  on: z.enum(['register', 'sync', 'job', 'push', 'refresh', 'disconnect', 'callback']),
  skip: z.number().optional(),
  times: z.number().optional(),
  status: z.number().optional(),
  reset: z.boolean().optional(),
  delay: z.number().optional(),
});

/** When a step is due; `ms` are waited behind it. */
export const whenSchema = z.strictObject({
  output: z.string().optional(),
  file: z.string().optional(),
  state: z.string().optional(),
  syncs: z.number().optional(),
  finished: z.number().optional(),
  call: z.string().optional(),
  times: z.number().optional(),
  exit: z.boolean().optional(),
  ms: z.number().optional(),
});
export type When = z.infer<typeof whenSchema>;

const stepSchema = z.strictObject({
  when: whenSchema.optional(),
  stop_job: z.union([z.boolean(), z.string()]).optional(),
  signal: z.string().optional(),
  shutdown: z.string().optional(),
  answer: z.unknown().optional(),
  fault: faultSchema.optional(),
  expire_log_token: z.boolean().optional(),
  queue: z.number().optional(),
  write: z.string().optional(),
  /** A shell command on the host. */
  run: z.string().optional(),
});
export type Step = z.infer<typeof stepSchema>;

/** A log event as it is compared: without its times. */
export const eventSchema = z.strictObject({
  event: z.string(),
  directive: z.string().optional(),
  output: z.string().optional(),
  exit_code: z.number().optional(),
  result: z.string().optional(),
});
export type CaseEvent = z.infer<typeof eventSchema>;

const expectSchema = z.strictObject({
  exit: z.union([z.number(), z.string()]).optional(),
  states: z.array(z.string()).optional(),
  calls: z.array(z.string()).optional(),
  result: z.string().nullable().optional(),
  events: z.array(eventSchema).optional(),
  jobs: z.array(z.strictObject({ result: z.string().nullable(), events: z.array(eventSchema) })).optional(),
  register: z.record(z.string(), z.unknown()).optional(),
  callbacks: z.array(z.record(z.string(), z.string())).optional(),
  probes: z.record(z.string(), z.string()).optional(),
});
export type Expectation = z.infer<typeof expectSchema>;

/** What every case says of itself, of the machine it finds, and of how it is compared. */
export const commonSchema = z.strictObject({
  name: z.string(),
  why: z.string(),
  flags: z.array(z.string()).default([]),
  host_env: z.record(z.string(), z.string()).default({}),
  host_files: z
    .array(z.strictObject({ path: z.string(), content: z.string(), mode: z.string().optional() }))
    .default([]),
  masks: z.array(z.tuple([z.string(), z.string()])).default([]),
  ignore_output_of: z.array(z.string()).default([]),
});

export const caseSchema = commonSchema.extend({
  hub: z
    .strictObject({
      nextSyncAfter: z.number().optional(),
      assignedName: z.string().optional(),
      maxLogBytes: z.number().optional(),
    })
    .default({}),
  faults: z.array(faultSchema).default([]),
  job: caseJobSchema.optional(),
  jobs: z.array(caseJobSchema).optional(),
  raw_jobs: z.array(z.string()).default([]),
  script: z.array(stepSchema).default([]),
  until: whenSchema.optional(),
  shutdown: z.boolean().default(true),
  timeout: z.number().default(30),
  exit_within: z.number().default(10),
  probes: z
    .array(z.strictObject({ name: z.string(), at: z.enum(['finished', 'exit']).default('exit'), run: z.string() }))
    .default([]),
  /** It needs a cluster; the manifests are applied before and deleted after. */
  cluster: z.strictObject({ manifests: z.array(z.looseObject({})).default([]) }).optional(),
  register: z.boolean().optional(),
  compare: z.array(z.string()).optional(),
  expect: expectSchema,
  expectAlso: z.array(expectSchema).default([]),
});
export type Case = z.infer<typeof caseSchema>;

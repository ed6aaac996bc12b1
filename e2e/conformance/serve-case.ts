import { z } from 'zod';
import { caseJobSchema, eventSchema, faultSchema } from './case.ts';

/*
 * A case of `serve`: calls in their order, and what the reference agent answered. The steps are taken one after another;
 * a call is repeated until its answer contains `until`.
 */

const AUTHS = [
  ...(['good', 'fresh', 'expired', 'early', 'hs512', 'bad', 'unsigned', 'garbage', 'raw_secret'] as const),
  ...(['bare', 'basic', 'lower', 'none'] as const),
] as const;
/** How a call is signed, or is not. */
export type Auth = (typeof AUTHS)[number];

const serveStepSchema = z.strictObject({
  /** Method and path. */
  call: z.string().optional(),
  auth: z.enum(AUTHS).default('good'),
  headers: z.record(z.string(), z.string()).default({}),
  job: caseJobSchema.optional(),
  body: z.string().optional(),
  until: z.string().optional(),
  compare: z.enum(['status', 'nothing']).optional(),
  callback: z.string().optional(),
  ms: z.number().optional(),
  run: z.string().optional(),
  fault: faultSchema.optional(),
});
export type ServeStep = z.infer<typeof serveStepSchema>;

const answerSchema = z.strictObject({
  status: z.number().optional(),
  body: z.string().optional(),
  events: z.array(eventSchema).optional(),
});
export type ServeAnswer = z.infer<typeof answerSchema>;

const serveExpectSchema = z.strictObject({
  answers: z.array(answerSchema).optional(),
  callbacks: z.array(z.record(z.string(), z.string())).optional(),
  exit: z.union([z.number(), z.string()]).optional(),
});
export type ServeExpectation = z.infer<typeof serveExpectSchema>;

export const serveCaseSchema = z.strictObject({
  name: z.string(),
  why: z.string(),
  flags: z.array(z.string()).default([]),
  host_env: z.record(z.string(), z.string()).default({}),
  host_files: z
    .array(z.strictObject({ path: z.string(), content: z.string(), mode: z.string().optional() }))
    .default([]),
  steps: z.array(serveStepSchema),
  masks: z.array(z.tuple([z.string(), z.string()])).default([]),
  ignore_output_of: z.array(z.string()).default([]),
  timeout: z.number().default(60),
  expect: serveExpectSchema,
  expectAlso: z.array(serveExpectSchema).default([]),
});
export type ServeCase = z.infer<typeof serveCaseSchema>;

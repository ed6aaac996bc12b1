import { z } from 'zod';
import { caseJobSchema, commonSchema, eventSchema, faultSchema } from './case.ts';

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

export const serveCaseSchema = commonSchema.extend({
  steps: z.array(serveStepSchema),
  timeout: z.number().default(60),
  expect: serveExpectSchema,
  expectAlso: z.array(serveExpectSchema).default([]),
});
export type ServeCase = z.infer<typeof serveCaseSchema>;

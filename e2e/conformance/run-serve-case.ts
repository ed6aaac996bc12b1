import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { logEventSchema } from '../../main/agent/hub/wire.ts';
import { PracticeHub } from '../../main/practice/practice-hub.ts';
import { callServer, SERVE_SECRET, type ServingAgent, signToken, startServing } from '../serve-program.ts';
import type { Difference } from './compare.ts';
import { toJobRequest } from './job-request.ts';
import { leftovers } from './leftovers.ts';
import { applyMasks, fillIn, normaliseExpected, normaliseLog, type Places, takeOut } from './normalise.ts';
import { callbackOf } from './observe.ts';
import { type AgentProgram, type CaseResult, makePlaces, placeFile } from './run-case.ts';
import { PATIENCE_MS, pause, toFault } from './script.ts';
import type { Auth, ServeAnswer, ServeCase, ServeExpectation, ServeStep } from './serve-case.ts';

const LOOK_MS = 50;
/** The one file that the agent writes to a fixed place. */
const JUMP_POINT = '/tmp/ssh_jump_point';

interface Stage {
  readonly one: ServeCase;
  readonly hub: PracticeHub;
  readonly places: Places;
  readonly agent: ServingAgent;
  readonly overtime: AbortSignal;
}

/** Runs one case of `serve` against an agent, in folders of its own that are gone afterwards. */
export async function runServeCase(one: ServeCase, program: AgentProgram): Promise<CaseResult> {
  const begun = performance.now();
  const work = mkdtempSync(join(tmpdir(), 'conformance-'));
  const hadJumpPoint = existsSync(JUMP_POINT);
  const hub = await PracticeHub.start();
  const places = makePlaces(work, hub);
  for (const file of one.host_files) placeFile(file, places);
  const base = { PATH: process.env.PATH ?? '', HOME: places.HOME, TMPDIR: places.TMP, LANG: 'C.UTF-8', TERM: 'xterm' };
  const agent = await startServing({
    command: program.command,
    flags: one.flags.map((flag) => fillIn(flag, places)),
    env: { ...base, ...program.env, ...one.host_env },
    cwd: places.CASE,
  });
  try {
    const seen = await play({ one, hub, places, agent, overtime: AbortSignal.timeout(one.timeout * PATIENCE_MS) });
    const left = leftovers(work);
    const differences = [
      ...compareServe(one, seen),
      ...(left.length > 0 ? [{ key: 'processes left over', expected: [], seen: left }] : []),
    ];
    return { name: one.name, differences, output: agent.output(), ms: performance.now() - begun };
  } finally {
    agent.signal('SIGKILL');
    await hub.close();
    rmSync(work, { recursive: true, force: true, maxRetries: 3 });
    if (!hadJumpPoint) rmSync(JUMP_POINT, { force: true });
  }
}

/** Takes the steps, tells what was seen, and asks the agent to go, as nobody else will. */
async function play(stage: Stage): Promise<Required<ServeExpectation>> {
  const { one, hub, agent } = stage;
  const answers: ServeAnswer[] = [];
  for (const step of one.steps) {
    const answer = await take(step, stage);
    if (answer) answers.push(answer);
  }
  const callbacks = hub.calls.filter(({ kind, status }) => kind === 'callback' && status === 200).map(callbackOf);
  const exit = agent.exitCode() ?? 'still running';
  agent.signal('SIGTERM');
  await agent.ended;
  return { answers, callbacks, exit };
}

async function take(step: ServeStep, stage: Stage): Promise<ServeAnswer | undefined> {
  const { hub, places, overtime, one } = stage;
  if (step.fault) hub.injectFault(toFault(step.fault));
  if (step.ms) await pause(step.ms);
  const { callback } = step;
  while (callback && !overtime.aborted && !came(callback, hub)) await pause(LOOK_MS);
  if (step.run) return { body: applyMasks(takeOut(await runCommand(fillIn(step.run, places)), places), one.masks) };
  return step.call ? call(step.call, step, stage) : undefined;
}

function came(name: string, hub: PracticeHub): boolean {
  return hub.calls.some(({ kind, path, status }) => kind === 'callback' && status === 200 && path.endsWith(`/${name}`));
}

async function call(line: string, step: ServeStep, stage: Stage): Promise<ServeAnswer | undefined> {
  const { places, agent, overtime, one } = stage;
  const [method = '', path = ''] = line.split(' ');
  const body = step.job ? JSON.stringify(toJobRequest(step.job, 'job-1', places)) : step.body;
  const authorization = authorizationOf(step.auth);
  const headers = { ...(authorization === undefined ? {} : { authorization }), ...step.headers };
  const once = () => callServer(agent.port, { method, path, headers, ...(body === undefined ? {} : { body }) });
  let answer = await once();
  while (step.until !== undefined && !answer.text.includes(step.until) && !overtime.aborted) {
    await pause(LOOK_MS);
    answer = await once();
  }
  if (step.compare === 'nothing') return undefined;
  if (step.compare === 'status') return { status: answer.status };
  const lines = answer.text.split('\n').filter((text) => text !== '');
  if (lines.length > 0 && lines.every((text) => text.startsWith('{"event":'))) {
    const events = lines.map((text) => logEventSchema.parse(JSON.parse(text)));
    return { status: answer.status, events: normaliseLog(events, places, one) };
  }
  return { status: answer.status, body: applyMasks(takeOut(answer.text, places), one.masks) };
}

function authorizationOf(auth: Auth): string | undefined {
  const now = Math.floor(Date.now() / 1_000);
  const tokens: Readonly<Record<Auth, string | undefined>> = {
    good: `Bearer ${signToken()}`,
    fresh: `Bearer ${signToken({ exp: now + 60 })}`,
    expired: `Bearer ${signToken({ exp: now - 60 })}`,
    early: `Bearer ${signToken({ nbf: now + 600 })}`,
    hs512: `Bearer ${signToken({}, { algorithm: 'HS512' })}`,
    bad: `Bearer ${signToken({}, { secret: 'another-secret' })}`,
    unsigned: `Bearer ${signToken({}, { algorithm: 'none' })}`,
    garbage: 'Bearer not.a.token',
    raw_secret: `Bearer ${SERVE_SECRET}`,
    bare: signToken(),
    basic: `Basic ${signToken()}`,
    lower: `bearer ${signToken()}`,
    none: undefined,
  };
  return tokens[auth];
}

function runCommand(command: string): Promise<string> {
  return new Promise((resolve) => {
    execFile('bash', ['-c', command], (_, stdout, stderr) => resolve(stdout + stderr));
  });
}

/** The differences to the expectation that is nearest. */
function compareServe(one: ServeCase, seen: Required<ServeExpectation>): readonly Difference[] {
  const wanted = [one.expect, ...one.expectAlso.map((also) => ({ ...one.expect, ...also }))];
  const all = wanted.map((expected) =>
    (Object.keys(expected) as (keyof ServeExpectation)[])
      .map((key) => ({ key, expected: form(one, key, expected[key]), seen: form(one, key, seen[key]) }))
      .filter((pair) => !isDeepStrictEqual(pair.expected, pair.seen)),
  );
  return all.reduce((best, next) => (next.length < best.length ? next : best));
}

function form(one: ServeCase, key: keyof ServeExpectation, value: unknown): unknown {
  if (key !== 'answers') return value;
  return (value as readonly ServeAnswer[]).map((answer) =>
    answer.events ? { ...answer, events: normaliseExpected(answer.events, one) } : answer,
  );
}

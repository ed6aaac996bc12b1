import type { OptionValues } from '../../../shared/options/index.ts';
import { variableName } from '../../../shared/options/option.ts';
import type { JobRequest } from './job-request.ts';
import { decodeBase64 } from './variables.ts';

/** What the agent's owner lets run here. */
export interface JobPolicy {
  /** Globs of project names; none: every project. */
  readonly allowedProjects: readonly string[];
  /** Globs of branch names; none: every branch, tag and pull request. */
  readonly allowedBranches: readonly string[];
  readonly forkedPullRequests: 'allow' | 'containers-only' | 'refuse';
  /** `refuse`: nothing of a job runs on this machine itself. */
  readonly shellJobs: 'allow' | 'refuse';
  /** Every job runs in a pod, whatever its executor. */
  readonly kubernetes: boolean;
}

/** What the options say of it. */
export function jobPolicyOf(values: OptionValues): JobPolicy {
  return {
    allowedProjects: values['allowed-projects'],
    allowedBranches: values['allowed-branches'],
    forkedPullRequests: values['forked-pull-requests'],
    shellJobs: values['shell-jobs'],
    kubernetes: values['kubernetes-executor'],
  };
}

/** Why a job is not run here. */
export interface Refusal {
  /** The option that says so. */
  readonly rule: 'allowed-projects' | 'allowed-branches' | 'forked-pull-requests' | 'shell-jobs';
  /** For who reads the job's log: what of this job the rule does not allow. */
  readonly reason: string;
}

/** The first rule that a job breaks; undefined where it may run. What a rule needs and cannot be read counts as not allowed. */
export function refusalOf(request: JobRequest, policy: JobPolicy): Refusal | undefined {
  return (
    refusedByProject(request, policy) ??
    refusedByBranch(request, policy) ??
    refusedByFork(request, policy) ??
    refusedByShell(request, policy)
  );
}

/** True for a job that may run in containers only: then it gets nothing by which it could reach out of them. */
export function isContained(request: JobRequest, { shellJobs, forkedPullRequests }: JobPolicy): boolean {
  return shellJobs === 'refuse' || (forkedPullRequests !== 'allow' && forkOf(request) !== undefined);
}

/** What a refused job's log says under its one directive: the rule, and how its owner can change it. */
export function refusalText({ rule, reason }: Refusal): string {
  const ways = `--${rule}, ${variableName(rule)}, ${rule} in the agent's file, or Settings → Jobs in the app`;
  return `Refused by ${rule}: ${reason}.\nThe owner of this agent can change that: ${ways}.\n`;
}

function refusedByProject(request: JobRequest, { allowedProjects }: JobPolicy): Refusal | undefined {
  if (allowedProjects.length === 0) return undefined;
  const rule = 'allowed-projects';
  const project = read(request, 'SEMAPHORE_PROJECT_NAME');
  if (!project.ok) return { rule, reason: project.problem };
  if (matches(allowedProjects, project.value)) return undefined;
  return { rule, reason: `the project ${project.value} is none of ${allowedProjects.join(', ')}` };
}

/** A pull request says the branch that it is for; what it runs is not that branch yet. */
function refusedByBranch(request: JobRequest, { allowedBranches }: JobPolicy): Refusal | undefined {
  if (allowedBranches.length === 0) return undefined;
  const rule = 'allowed-branches';
  const type = read(request, REF_TYPE);
  if (!type.ok) return { rule, reason: type.problem };
  if (type.value !== 'branch') return { rule, reason: `it is for a ${type.value}, not for a branch` };
  const branch = read(request, 'SEMAPHORE_GIT_BRANCH');
  if (!branch.ok) return { rule, reason: branch.problem };
  if (matches(allowedBranches, branch.value)) return undefined;
  return { rule, reason: `the branch ${branch.value} is none of ${allowedBranches.join(', ')}` };
}

function refusedByFork(request: JobRequest, policy: JobPolicy): Refusal | undefined {
  if (policy.forkedPullRequests === 'allow') return undefined;
  if (policy.forkedPullRequests === 'containers-only' && !touchesHost(request, policy)) return undefined;
  const origin = forkOf(request);
  if (origin === undefined) return undefined;
  const only = policy.forkedPullRequests === 'refuse' ? '' : ', and it wants to run on this machine itself';
  return { rule: 'forked-pull-requests', reason: `${origin}${only}` };
}

function refusedByShell(request: JobRequest, policy: JobPolicy): Refusal | undefined {
  if (policy.shellJobs === 'allow' || !touchesHost(request, policy)) return undefined;
  const what = isShell(request) ? 'it is a shell job' : 'it has commands that set up this machine';
  return { rule: 'shell-jobs', reason: `${what}, and only containers are allowed here` };
}

/** Something of it runs on this machine itself. */
function touchesHost(request: JobRequest, { kubernetes }: JobPolicy): boolean {
  return !kubernetes && (isShell(request) || request.compose.host_setup_commands.length > 0);
}

function isShell({ executor }: JobRequest): boolean {
  return executor === 'shell' || executor === '';
}

/** What makes a job one of a fork's pull request, or keeps us from knowing that it is none; undefined where it is none. */
function forkOf(request: JobRequest): string | undefined {
  const type = read(request, REF_TYPE);
  if (!type.ok) return type.problem;
  const isPullRequest = type.value === 'pull-request' || values(request, PULL_REQUEST_SLUG).length > 0;
  if (!isPullRequest) return undefined;
  const from = read(request, PULL_REQUEST_SLUG);
  const to = read(request, 'SEMAPHORE_GIT_REPO_SLUG');
  if (!from.ok) return from.problem;
  if (!to.ok) return to.problem;
  // The hosts of repositories take names without regard to case.
  return from.value.toLowerCase() === to.value.toLowerCase()
    ? undefined
    : `it is a pull request from the fork ${from.value}`;
}

const REF_TYPE = 'SEMAPHORE_GIT_REF_TYPE';
const PULL_REQUEST_SLUG = 'SEMAPHORE_GIT_PR_SLUG';

type Reading = { readonly ok: true; readonly value: string } | { readonly ok: false; readonly problem: string };

/** A pipeline can set a variable of Semaphore's a second time: then nobody knows which one is true. */
function read(request: JobRequest, name: string): Reading {
  const found = new Set(values(request, name));
  const [value] = found;
  if (found.size > 1) return { ok: false, problem: `${name} is given twice, with different values` };
  return value ? { ok: true, value } : { ok: false, problem: `the job does not say ${name}` };
}

/** What cannot be decoded counts as empty, which no rule allows. */
function values({ env_vars: variables }: JobRequest, name: string): readonly string[] {
  return variables
    .filter((variable) => variable.name === name)
    .map(({ value }) => Buffer.from(decodeBase64(value) ?? '').toString('utf8'));
}

/** `*` is any text, slashes included; `?` any character; everything else is itself. */
function matches(globs: readonly string[], text: string): boolean {
  return globs.some((glob) => {
    const literal = (part: string) => part.replace(/[.+^${}()|[\]\\]/g, '\\$&');
    const pattern = literal(glob).replaceAll('*', '[^]*').replaceAll('?', '[^]');
    return new RegExp(`^${pattern}$`).test(text);
  });
}

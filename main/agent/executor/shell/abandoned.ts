import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Clock } from '../../platform/clock.ts';
import { openControlGroup, removeEmptyGroups } from '../../platform/control-group.ts';
import type { PrivateFolder } from '../../platform/private-folder.ts';
import type { Processes } from '../../platform/processes.ts';
import { endFamily } from '../stop-ladder.ts';

/** A disk in memory, where a job goes on whose own disk is full. Linux has one. */
export const MEMORY_FOLDER = '/dev/shm';

/** Names of the folders and control groups of jobs begin with this. */
export const JOB_PREFIX = 'signalbox-';
/** A group that is empty for so long belongs to nobody any more, in ms. */
const GROUP_AGE_MS = 60_000;

/** In the folder of every job: whose it is, and how to find what the job started. */
const OWNER_FILE = 'owner.json';
const ownerSchema = z.object({
  pid: z.number().int(),
  startedAt: z.string(),
  mark: z.string(),
  group: z.string().default(''),
});

/** How a job's processes are found again: by what stands in their environment, and by their control group, if any. */
export interface JobTraces {
  readonly mark: string;
  readonly group?: string;
}

/** Says in a job's folder that this process runs the job, for the day on which it cannot tidy up itself. */
export async function claimFolder(folder: PrivateFolder, traces: JobTraces, processes: Processes): Promise<void> {
  const self = processes.identify(process.pid) ?? { pid: process.pid, startedAt: '' };
  await folder.write(OWNER_FILE, JSON.stringify({ ...self, ...traces }));
}

export interface AbandonedOptions {
  /** Where the folders of jobs are made. */
  readonly tempFolder: string;
  readonly processes: Processes;
  readonly clock: Clock;
  readonly log: { warn(message: string): void };
}

/** Ends what the jobs of agents that were killed have left running, and removes their folders. Living agents are passed by. */
export async function tidyAbandoned({ tempFolder, processes, clock, log }: AbandonedOptions): Promise<void> {
  for (const folder of [tempFolder, MEMORY_FOLDER].flatMap(foldersIn)) {
    const owner = readOwner(folder);
    if (!owner || processes.isAlive(owner)) continue;
    const group = owner.group === '' ? undefined : openControlGroup(owner.group);
    const known = () => (group?.pids() ?? []).flatMap((pid) => processes.identify(pid) ?? []);
    const family = { mark: owner.mark, roots: [], known };
    const rung = await endFamily({ processes, clock, family, spared: [], isShell: () => false });
    await group?.remove(clock);
    rmSync(folder, { recursive: true, force: true });
    log.warn(`Tidied up behind an agent that was killed during a job: ${rung}`);
  }
  removeEmptyGroups(JOB_PREFIX, GROUP_AGE_MS, clock);
}

/** How many jobs of agents that are gone have left something behind here. */
export function countAbandoned(tempFolder: string, processes: Processes): number {
  const owners = foldersIn(tempFolder).map(readOwner);
  return owners.filter((owner) => owner && !processes.isAlive(owner)).length;
}

function foldersIn(tempFolder: string): readonly string[] {
  try {
    const names = readdirSync(tempFolder).filter((name) => name.startsWith(JOB_PREFIX));
    return names.map((name) => join(tempFolder, name));
  } catch {
    // A temp folder that cannot be read is told when a job needs it.
    return [];
  }
}

/** Undefined for folders of other users, of other things, and of no job. */
function readOwner(folder: string): z.infer<typeof ownerSchema> | undefined {
  try {
    return ownerSchema.safeParse(JSON.parse(readFileSync(join(folder, OWNER_FILE), 'utf8'))).data;
  } catch {
    return undefined;
  }
}

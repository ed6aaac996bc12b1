import { statfs } from 'node:fs/promises';
import type { Finding } from '../../../shared/examination.ts';
import { countAbandoned } from '../executor/shell/abandoned.ts';
import { createPrivateFolder } from '../platform/private-folder.ts';
import { type Check, type Examined, fine, problem, warning } from './finding.ts';

const GIGABYTE = 1024 ** 3;
/** Below the first no job gets far; below the second a build may not. */
const NO_ROOM = 0.1 * GIGABYTE;
const LITTLE_ROOM = 2 * GIGABYTE;

/** Where jobs keep their logs and what carries their secrets: it can be written, has room, and nobody has left anything there. */
export const checkTempFolder: Check = async (examined) => [
  await checkRights(examined),
  await checkRoom(examined),
  checkLeftovers(examined),
];

async function checkRights({ tempFolder }: Examined): Promise<Finding> {
  try {
    const folder = await createPrivateFolder(tempFolder);
    await folder.write('probe', '');
    await folder.remove();
    return fine('temp folder', `${tempFolder} can be written`);
  } catch (error) {
    const found = `${tempFolder} cannot be written (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`;
    return problem('temp folder', found, 'make it a folder that your user can write, or set TMPDIR to another one');
  }
}

async function checkRoom({ tempFolder }: Examined): Promise<Finding> {
  const free = await statfs(tempFolder).then(
    ({ bavail, bsize }) => bavail * bsize,
    () => undefined,
  );
  return judgeRoom(free, tempFolder);
}

/** What so many free bytes mean; undefined: nobody knows. */
export function judgeRoom(free: number | undefined, tempFolder: string): Finding {
  if (free === undefined)
    return warning('disk', `${tempFolder} does not tell how much is free`, 'look at it by hand: df');
  const found = `${(free / GIGABYTE).toFixed(1)} GB are free in ${tempFolder}`;
  const advice = 'make room there, or set TMPDIR to another folder';
  if (free < NO_ROOM) return problem('disk', found, advice);
  return free < LITTLE_ROOM ? warning('disk', found, advice) : fine('disk', found);
}

function checkLeftovers({ tempFolder, processes }: Examined): Finding {
  const count = countAbandoned(tempFolder, processes);
  if (count === 0) return fine('leftovers', 'nothing is left of crashed jobs');
  const found = `${count} ${count === 1 ? 'job has' : 'jobs have'} left something behind, perhaps running processes`;
  return warning('leftovers', found, 'start the agent: it ends and removes what is left');
}

import type { JobAbout } from '../../../../shared/job-about.ts';
import type { JobResult } from '../../hub/wire.ts';
import { createPrivateFolder } from '../../platform/private-folder.ts';

/** What is known of a job when its log begins. */
export interface BegunJob {
  readonly id: string;
  readonly name: string;
  readonly about: JobAbout;
  /** ms since the Unix epoch. */
  readonly startedAt: number;
}

/** The private folder of one job's log. */
export interface JobFolder {
  readonly path: string;
  /** The job has ended and nobody writes any more. What becomes of the folder is its owner's affair. Never rejects. */
  end(end: { readonly result: JobResult; readonly isDelivered: boolean }): Promise<void>;
}

/** Where logs of jobs are. */
export interface JobFolders {
  /** Rejects where the disk does not take it. */
  create(job: BegunJob): Promise<JobFolder>;
}

/** Folders that go with their job; only a log that could not be delivered stays. */
export function temporaryFolders(parent: string): JobFolders {
  return {
    async create() {
      const folder = await createPrivateFolder(parent);
      return { path: folder.path, end: async ({ isDelivered }) => (isDelivered ? folder.remove() : undefined) };
    },
  };
}

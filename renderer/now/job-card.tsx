import { type AgentSnapshot, duration } from '../../shared/agent-snapshot.ts';
import { type JobAbout, jobPage } from '../../shared/job-about.ts';
import type { OptionName } from '../../shared/options/index.ts';
import { useBridge } from '../bridge-context.ts';
import { labelOf } from '../settings/settings-groups.ts';
import { Button } from '../ui/button.tsx';
import { Result } from '../ui/result.tsx';
import { dayAndTime, exactTime } from '../ui/words.ts';
import styles from './now.module.css';
import type { TailJob } from './tail-store.ts';

interface JobCardProps {
  readonly job: TailJob;
  readonly snapshot: AgentSnapshot;
  readonly now: number;
}

/** What a job is: its name, how it goes or went, and what it says of itself. */
export function JobCard({ job, snapshot, now }: JobCardProps) {
  const bridge = useBridge();
  const about = aboutOf(job.id, snapshot);
  const refusedBy = snapshot.lastJob?.id === job.id ? snapshot.lastJob.refusedBy : undefined;
  const page = about && jobPage(job.id, about, snapshot.endpoint);
  return (
    <header className={styles.card}>
      <h2 className={styles.jobName} title={job.name}>
        {job.end ? `Last job: ${job.name}` : job.name}
      </h2>
      {job.end && (
        <span className={styles.jobEnd} title={exactTime(job.end.at)}>
          <Result result={job.end.result} />
          {` in ${duration(job.end.at - job.startedAt)} · ${dayAndTime(job.end.at, now)}`}
          {refusedBy && ` · refused by your setting “${labelOf(refusedBy as OptionName)}”`}
        </span>
      )}
      <Facts about={about} jobId={job.id} />
      <Button
        look="link"
        className={styles.page}
        unavailable={page ? undefined : 'This job does not say where its page is, or that is not at your endpoint'}
        onClick={() => bridge.command('openOnSemaphore', null)}
      >
        Open on Semaphore ↗
      </Button>
    </header>
  );
}

const EXECUTORS = { shell: 'Shell', containers: 'Containers', pod: 'Kubernetes pod' } as const;

function Facts({ about, jobId }: { readonly about: JobAbout | undefined; readonly jobId: string }) {
  const facts = about && [
    about.project,
    about.ref,
    about.commit.slice(0, 7),
    about.pipeline,
    EXECUTORS[about.executor],
  ];
  return (
    <p className={styles.facts} title={`Job ${jobId}`}>
      {facts ? facts.filter((fact) => fact !== '').join(' · ') : `Job ${jobId}`}
    </p>
  );
}

/** The snapshot may be of another job already, or still. */
function aboutOf(id: string, { status, lastJob }: AgentSnapshot): JobAbout | undefined {
  const candidates = ['job' in status ? status.job : undefined, lastJob];
  return candidates.find((job) => job?.id === id)?.about;
}

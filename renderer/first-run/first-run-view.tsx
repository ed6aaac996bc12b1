import { useEffect, useRef } from 'react';
import type { ConnectionTest, FirstRun } from '../../shared/contract/first-run.ts';
import { markOf } from '../../shared/mark.ts';
import type { Bridge } from '../bridge.ts';
import { useBridge } from '../bridge-context.ts';
import { Button } from '../ui/button.tsx';
import { MarkPicture } from '../ui/mark-picture.tsx';
import { ConnectStep } from './connect-step.tsx';
import styles from './first-run.module.css';
import { missing, STEPS, type Step, stepAfter, useFirstRun } from './first-run-store.ts';
import { JobsStep, NameStep, StartStep } from './later-steps.tsx';
import { PracticeButton } from './practice-button.tsx';
import { Problem } from './problem.tsx';

const ANSWER_LIMIT_MS = 10_000;
const TEST_LIMIT_MS = 60_000;
const DIALOG_LIMIT_MS = 3_600_000;

const NOTHING_KNOWN: FirstRun = {
  needed: true,
  endpoint: '',
  hasToken: false,
  noHttps: false,
  suggestedName: '',
  secretStore: 'system',
};

const QUESTIONS: Readonly<Record<Step, string>> = {
  connect: 'Where do your jobs come from?',
  name: 'What is this computer called?',
  jobs: 'What may jobs do here?',
  start: 'When should it run?',
};

/** What a computer is asked that is not set up yet: one question at a time. Nothing runs before the last one is answered. */
export function FirstRunView() {
  const bridge = useBridge();
  const slice = useFirstRun();
  const { step, known, begin, problem, problemAt, test } = slice;
  useEffect(() => {
    void bridge.request('firstRun', null, ANSWER_LIMIT_MS).then(begin, () => begin(NOTHING_KNOWN));
  }, [bridge, begin]);
  const question = useRef<HTMLHeadingElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new question is read out, and Tab goes on from it
  useEffect(() => question.current?.focus(), [step]);
  if (!known) return null;
  const why = missing(slice);
  return (
    <main className={styles.page}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (why === undefined && test !== 'running') void goOn(bridge);
        }}
      >
        <p className={styles.progress}>
          <MarkPicture mark={markOf('idle')} size={20} />
          {`Set up Signalbox · ${STEPS.indexOf(step) + 1} of ${STEPS.length}`}
        </p>
        <h1 ref={question} tabIndex={-1} className={styles.question}>
          {QUESTIONS[step]}
        </h1>
        <StepFields step={step} />
        {problemAt === undefined && <Problem text={problem} />}
        <div className={styles.buttons}>
          {step === 'connect' ? (
            <PracticeButton />
          ) : (
            <Button onClick={() => useFirstRun.setState({ step: stepAfter(step, -1), problem: '' })}>Back</Button>
          )}
          <Button type="submit" look="primary" unavailable={test === 'running' ? 'It is being tested' : why}>
            {step === 'start' ? 'Connect' : 'Continue'}
          </Button>
        </div>
      </form>
    </main>
  );
}

function StepFields({ step }: { readonly step: Step }) {
  switch (step) {
    case 'connect':
      return <ConnectStep />;
    case 'name':
      return <NameStep />;
    case 'jobs':
      return <JobsStep />;
    case 'start':
      return <StartStep />;
  }
}

/** From the first step only with a hub that takes the token; from the last one into the app. */
async function goOn(bridge: Bridge): Promise<void> {
  const { step, endpoint, token, noHttps } = useFirstRun.getState();
  useFirstRun.setState({ problem: '', problemAt: undefined, problemDetail: '' });
  if (step === 'start') return finish(bridge);
  if (step === 'connect') {
    useFirstRun.setState({ test: 'running' });
    const connection = { endpoint: endpoint.trim(), token: token === '' ? null : token.trim(), noHttps };
    const test = await bridge.request('testConnection', connection, TEST_LIMIT_MS).catch(untested);
    useFirstRun.setState({ test, problem: test.problem, problemAt: test.about, problemDetail: test.detail ?? '' });
    if (!test.ok) return;
  }
  useFirstRun.setState({ step: stepAfter(step, 1) });
}

async function finish(bridge: Bridge): Promise<void> {
  const { endpoint, token, noHttps, name, jobs, startAtLogin } = useFirstRun.getState();
  if (!jobs) return;
  const choice = {
    endpoint: endpoint.trim(),
    token: token === '' ? null : token.trim(),
    noHttps,
    name,
    jobs,
    startAtLogin,
  };
  const { outcome, problems } = await bridge
    .request('finishFirstRun', choice, DIALOG_LIMIT_MS)
    .catch(
      (error: unknown) => ({ outcome: 'refused', problems: [{ name: '', problem: untested(error).problem }] }) as const,
    );
  // The token has gone where it is kept.
  if (outcome === 'saved') useFirstRun.setState({ token: '', step: 'connect', test: undefined });
  else if (outcome === 'refused') useFirstRun.setState({ problem: problems.map(({ problem }) => problem).join(' ') });
}

function untested(error: unknown): ConnectionTest {
  return { ok: false, problem: error instanceof Error ? error.message : 'It could not be tested' };
}

import type { AgentSnapshot } from '../../shared/agent-snapshot.ts';
import type { Bridge } from '../bridge.ts';
import { useBridge } from '../bridge-context.ts';
import { possible } from '../frame/possible.ts';
import { Button } from '../ui/button.tsx';
import { counted } from '../ui/words.ts';
import { changesOf, type Draft, problemOf } from './draft.ts';
import { settingsProblem } from './problem-words.ts';
import styles from './settings.module.css';
import { rowOf } from './settings-groups.ts';
import { useSettings } from './settings-store.ts';

/** A dialog of main's may be open as long as its reader likes. In ms. */
const DIALOG_LIMIT_MS = 3_600_000;

/** What is not saved yet, what saving it means, and the way to do it or not. */
export function SaveBar({ snapshot }: { readonly snapshot: AgentSnapshot }) {
  const bridge = useBridge();
  const { draft, settings, outcome, discard } = useSettings();
  const count = Object.keys(draft).length;
  const wrong = wrongFields(draft);
  if (count === 0)
    return (
      <p className={styles.saved} role="status">
        {settings?.appliesAfterJob ? 'Saved. It applies after the current job.' : outcome}
      </p>
    );
  return (
    <div className={styles.bar}>
      <p className={styles.means} role="status">
        <strong>{`${counted(count, 'change')} not saved`}</strong>
        {` ${wrong > 0 ? `${needFixing(wrong)}.` : outcome || meaning(draft, snapshot)}`}
      </p>
      <Button onClick={() => discard()}>Discard</Button>
      <Button
        look="primary"
        unavailable={wrong > 0 ? needFixing(wrong) : undefined}
        onClick={() => void save(bridge, draft)}
      >
        Save
      </Button>
    </div>
  );
}

/** `1 field needs fixing`. */
export function needFixing(count: number): string {
  return `${counted(count, 'field')} ${count === 1 ? 'needs' : 'need'} fixing`;
}

function wrongFields(draft: Draft): number {
  return Object.entries(draft).filter(([name, value]) => {
    const row = rowOf(name);
    return row && problemOf(row, value) !== undefined;
  }).length;
}

function meaning(draft: Draft, snapshot: AgentSnapshot): string {
  const registers = Object.keys(draft).some((name) => rowOf(name)?.registers);
  const how = registers ? 'The agent disconnects and registers again' : 'Applies';
  if (possible(snapshot).hasJob) return `${how} after the current job.`;
  return registers ? `${how}.` : 'Applies at once.';
}

async function save(bridge: Bridge, draft: Draft): Promise<void> {
  useSettings.setState({ outcome: 'Saving…' });
  const answer = await bridge.request('saveSettings', changesOf(draft), DIALOG_LIMIT_MS).catch(asRefusal);
  if (answer.outcome === 'saved') return useSettings.getState().discard('Saved.');
  const refused = Object.fromEntries(answer.problems.map(({ name, problem }) => [name, settingsProblem(problem).text]));
  const general = answer.problems
    .filter(({ name }) => !rowOf(name))
    .map(({ problem }) => settingsProblem(problem).text);
  const outcome =
    answer.outcome === 'cancelled' ? 'Not saved: you cancelled it.' : ['Not saved.', ...general].join(' ');
  useSettings.setState({ refused, outcome });
}

function asRefusal(error: unknown) {
  const problem = error instanceof Error ? error.message : 'it could not be saved';
  return { outcome: 'refused', problems: [{ name: '', problem }] } as const;
}

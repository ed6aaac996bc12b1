import styles from './first-run.module.css';
import { useFirstRun } from './first-run-store.ts';

/** Asks what this agent is to be called. */
export function NameStep() {
  const name = useFirstRun((slice) => slice.name);
  return (
    <div className={styles.fields}>
      <p className={styles.help}>Semaphore lists this agent by that name, 8 to 80 characters long.</p>
      <label className={styles.field}>
        <span>Name</span>
        <input
          type="text"
          spellCheck={false}
          maxLength={80}
          value={name}
          onChange={({ target }) => useFirstRun.setState({ name: target.value, problem: '' })}
        />
      </label>
    </div>
  );
}

const CHOICES = [
  {
    value: 'containers-only',
    label: 'Run in containers only',
    help: 'They see what is in their containers. It needs Docker, or an engine like it.',
  },
  {
    value: 'shell-too',
    label: 'Run in a shell too',
    help: 'They can do all that you can do on this computer. Choose it if you trust whoever can push to your projects.',
  },
] as const;

/** Who answers this lets strangers' code in: neither answer is given beforehand. */
export function JobsStep() {
  const jobs = useFirstRun((slice) => slice.jobs);
  return (
    <fieldset className={styles.choices}>
      <legend className={styles.help}>
        Jobs of pull requests from forks are refused either way. Settings can change all of it.
      </legend>
      {CHOICES.map(({ value, label, help }) => (
        <label key={value} className={styles.choice}>
          <input
            type="radio"
            name="jobs"
            value={value}
            checked={jobs === value}
            onChange={() => useFirstRun.setState({ jobs: value, problem: '' })}
          />
          <span>
            <strong>{label}</strong>
            <span className={styles.help}>{help}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}

/** Asks whether it starts at login, and says what will happen next. */
export function StartStep() {
  const { startAtLogin, endpoint, name, jobs } = useFirstRun();
  return (
    <div className={styles.fields}>
      <label className={styles.check}>
        <input
          type="checkbox"
          checked={startAtLogin}
          onChange={({ target }) => useFirstRun.setState({ startAtLogin: target.checked })}
        />
        Start Signalbox when I log in
      </label>
      <p className={styles.help}>
        {`${name} will connect to ${endpoint} and take ${jobs === 'shell-too' ? 'jobs in containers and in a shell' : 'jobs in containers only'}. You can pause it at any time.`}
      </p>
    </div>
  );
}

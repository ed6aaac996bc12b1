import { HookCard } from './hook-card.tsx';
import { SettingField } from './setting-field.tsx';
import { rowOf } from './settings-groups.ts';

const PRE_JOB_SWITCHES = ['fail-on-pre-job-hook-error', 'source-pre-job-hook'];

/** Scripts of the owner's own around every job, and when the agent goes. */
export function HooksPage() {
  return (
    <>
      <HookCard name="pre-job-hook-path" title="Before every job">
        {PRE_JOB_SWITCHES.map((name) => {
          const row = rowOf(name);
          return row && <SettingField key={name} row={row} />;
        })}
      </HookCard>
      <HookCard name="post-job-hook-path" title="After every job" />
      <HookCard name="shutdown-hook-path" title="When the agent ends" />
    </>
  );
}

import { describe, expect, it } from 'vitest';
import type { Fold } from '../config/commands.ts';
import type { LogEvent } from '../hub/wire.ts';
import { FakeClock } from '../platform/fake-clock.ts';
import { JobView } from './job-view.ts';

function shown(fold: Fold, events: readonly LogEvent[], colours = false): string {
  const view = new JobView({ clock: new FakeClock(), colours, fold });
  return events.map((event) => view.show(event)).join('');
}

const command = (directive: string, output: readonly string[], exitCode: number): readonly LogEvent[] => [
  { event: 'cmd_started', timestamp: 1, directive },
  ...output.map((text) => ({ event: 'cmd_output' as const, timestamp: 1, output: text })),
  { event: 'cmd_finished', timestamp: 1, directive, exit_code: exitCode, started_at: 1, finished_at: 1 },
];
const steps = command('Injecting Files', ['Injecting a\n'], 0);

describe('JobView', () => {
  it('shows a line for each command, its output as it is, and its end on a line of its own', () => {
    const text = shown('none', [...steps, ...command('printf x', ['x'], 3)]);
    expect(text).toBe('▸ Injecting Files\nInjecting a\n✓ 0.0 s\n▸ printf x\nx\n✗ exit code 3, 0.0 s\n');
  });

  it("folds the agent's own steps, or every command that passed", () => {
    const events = [...steps, ...command('echo x', ['x\n'], 0)];
    expect(shown('steps', events)).toBe('▸ Injecting Files ✓ 0.0 s\n▸ echo x\nx\n✓ 0.0 s\n');
    expect(shown('passed', events)).toBe('▸ Injecting Files ✓ 0.0 s\n▸ echo x ✓ 0.0 s\n');
  });

  it('opens a fold that failed, and keeps the end of what is very long', () => {
    expect(shown('passed', command('echo x; false', ['x\n'], 1))).toBe('▸ echo x; false\nx\n✗ exit code 1, 0.0 s\n');
    const long = Array.from({ length: 300 }, () => 'y'.repeat(16_000));
    const text = shown('passed', command('long', long, 1));
    expect(text.length).toBeLessThan(2_200_000);
    expect(text).toContain('… (what came before is left out)\nyyy');
  });

  it('takes colours back that a job has left on, and has none of its own where none are wanted', () => {
    const red = command('ls', ['\x1b[31mred'], 0);
    expect(shown('none', red, true)).toBe('\x1b[1m▸ ls\x1b[0m\n\x1b[31mred\x1b[0m\n\x1b[32m✓ 0.0 s\x1b[0m\n');
    expect(shown('none', red)).toBe('▸ ls\n\x1b[31mred\n✓ 0.0 s\n');
  });

  it('closes with the result', () => {
    expect(shown('none', [{ event: 'job_finished', timestamp: 1, result: 'stopped' }])).toBe(
      '\nJob stopped after 0.0 s\n',
    );
  });
});

import { expect, it } from 'vitest';
import { redact } from './redact.ts';
import { diagnosticsReport } from './report.ts';

it('tells versions, state, origins and the last lines, and no secret', () => {
  const report = diagnosticsReport({
    now: new Date('2026-01-02T03:04:05Z'),
    versions: { Signalbox: '0.1.0', Electron: '45.4.1' },
    origins: [{ name: 'token', where: 'the variable SEMAPHORE_AGENT_TOKEN' }],
    snapshot: {
      version: 3,
      agentName: 'lap-42',
      endpoint: 'acme.example.com',
      status: { state: 'needs-attention', cause: 'refused', problem: 'the hub refused marked-token' },
    },
    checks: '✓ shell: bash 5.2\n',
    lines: ['first', 'Could not register with Token abcdefgh from /home/ada'],
    redact: (text) => redact(text, { secrets: ['marked-token'], home: '/home/ada' }),
  });
  expect(report).toContain('Signalbox diagnostics, 2026-01-02T03:04:05.000Z');
  expect(report).toContain('Electron: 45.4.1');
  expect(report).toContain('Semaphore refused this agent\nThe hub refused [hidden]');
  expect(report).toContain('token: from the variable SEMAPHORE_AGENT_TOKEN');
  expect(report).toContain('## Checks, as they were last run\n✓ shell: bash 5.2\n\n');
  expect(report).toContain(
    "## Last 2 lines of the agent's log\nfirst\nCould not register with Token [hidden] from ~\n",
  );
  expect(report).not.toMatch(/marked-token|abcdefgh|ada/);
});

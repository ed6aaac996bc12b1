import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../shared/examination.ts';
import { checksText } from './checks-text.ts';
import { redact } from './redact.ts';

const hide = (text: string) => redact(text, { secrets: ['marked-token'], home: '/home/ada' });
const fine: Finding[] = [
  { check: 'configuration', state: 'fine', found: 'endpoint: acme.example.com, from the saved settings' },
  { check: 'configuration', state: 'fine', found: 'token: (hidden), from the saved settings' },
  { check: 'shell', state: 'fine', found: 'bash 5.2' },
];
const warning: Finding = { check: 'toolbox', state: 'warning', found: 'jobs will not find: cache', advice: 'get it' };
const problem: Finding = {
  check: 'hub',
  state: 'problem',
  found: 'acme.example.com answers with status 401: "marked-token of /home/ada is refused"',
  advice: 'check endpoint and token',
};

describe('what checks found', () => {
  it('is in one line where everything is fine, with how much was looked at', () => {
    const { whole, ...shown } = checksText({ canRunJobs: true, findings: fine }, hide);
    expect(shown).toEqual({
      isFine: true,
      message: 'Everything is fine',
      detail: '2 checks found nothing to do: a job could run here.',
    });
    expect(whole).toContain('✓ shell: bash 5.2\n\nEverything is fine (2 checks)\n');
  });

  it('shows what is not fine and what to do, and copies everything', () => {
    const { isFine, message, detail, whole } = checksText({ canRunJobs: true, findings: [...fine, warning] }, hide);
    expect([isFine, message]).toEqual([false, 'A job could run here, but not everything is fine']);
    expect(detail).toBe('! toolbox: jobs will not find: cache\n    → get it');
    expect(whole).toContain('✓ shell: bash 5.2\n! toolbox: jobs will not find: cache\n    → get it\n');
  });

  it('says that no job could run, and tells no secret that a hub repeats', () => {
    const { message, detail, whole } = checksText({ canRunJobs: false, findings: [...fine, warning, problem] }, hide);
    expect(message).toBe('No job could run here yet');
    expect(detail).toBe(
      [
        '✗ hub: acme.example.com answers with status 401: "[hidden] of ~ is refused"',
        '    → check endpoint and token',
        '! toolbox: jobs will not find: cache',
        '    → get it',
      ].join('\n'),
    );
    expect(detail + whole).not.toMatch(/marked-token|ada/);
  });

  it('says that the checks themselves failed', () => {
    const { isFine, message, whole } = checksText(undefined, hide);
    expect([isFine, message]).toEqual([false, 'The checks could not be run']);
    expect(whole).toContain('signalbox doctor');
  });
});

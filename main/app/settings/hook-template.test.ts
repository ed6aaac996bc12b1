import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { hookNameSchema } from '../../../shared/contract/hooks.ts';
import { hookTemplate } from './hook-template.ts';

it.each(hookNameSchema.options)('a new %s runs as it is, and says what it is for', (name) => {
  const { file, text } = hookTemplate(name, 'linux');
  expect(file).toMatch(/^[a-z-]+\.sh$/);
  expect(text).toMatch(/^#!\/usr\/bin\/env bash\n# [A-Z]/);
  const env = {
    PATH: process.env.PATH ?? '',
    SEMAPHORE_JOB_NAME: 'Unit tests',
    SEMAPHORE_AGENT_SHUTDOWN_REASON: 'IDLE',
  };
  expect(
    execFileSync('bash', ['-eu'], { input: `SEMAPHORE_JOB_RESULT=passed\n${text}`, env, encoding: 'utf8' }),
  ).toMatch(/^(?:Job Unit tests|The agent ends: IDLE)/);
});

it.each(hookNameSchema.options)('a new %s of Windows has its lines and variables', (name) => {
  const { file, text } = hookTemplate(name, 'win32');
  expect(file).toMatch(/\.ps1$/);
  expect(text).toMatch(/\r\n$/);
  expect(text).not.toMatch(/\$SEMAPHORE|(?<!\r)\n/);
});

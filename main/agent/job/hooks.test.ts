import { describe, expect, it } from 'vitest';
import { postJobHookCommand, preJobHookCommand } from './hooks.ts';

const hooks = (path: string, sourcePreJobHook = false) => ({
  preJobHookPath: path,
  postJobHookPath: path,
  failOnPreJobHookError: false,
  sourcePreJobHook,
});

describe('hooks as commands', () => {
  it.each([
    ['/hooks/pre.sh', 'bash /hooks/pre.sh'],
    ['~/pre.sh', 'bash ~/pre.sh'],
    ['$HOME/pre.sh', 'bash $HOME/pre.sh'],
    ['/my hooks/pre.sh', 'bash "/my hooks/pre.sh"'],
    ['~/my hooks/$X"`\\', 'bash ~/"my hooks/$X\\"\\`\\\\"'],
  ])('%s', (path, directive) => {
    expect(preJobHookCommand(hooks(path))).toMatchObject({ directive, shown: `bash ${path}` });
    expect(postJobHookCommand(hooks(path))).toMatchObject({ directive, shown: `bash ${path}` });
  });

  it('sources the pre-job hook where it is told to, and says what its failure means', () => {
    expect(preJobHookCommand(hooks('/a b', true))).toEqual({
      directive: 'source "/a b"',
      shown: 'source /a b',
      alias: 'Running the pre-job hook configured in the agent',
      warning: 'The agent is configured to proceed with the job even if the pre-job hook fails.',
    });
  });
});

import type { OptionRow } from './option.ts';

export const policyOptions = [
  {
    name: 'shell-jobs',
    group: 'Job policy',
    commands: ['start', 'serve'],
    type: 'choice',
    choices: ['allow', 'refuse'],
    default: 'allow',
    example: 'refuse',
    placeholder: 'WHAT',
    help: 'refuse: containers only, no shell jobs, host set-up commands or engine socket',
  },
] as const satisfies readonly OptionRow[];

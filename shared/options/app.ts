import type { OptionRow } from './option.ts';

/** Options of the desktop app alone; the command line's agent reads a file that has them and passes them over. */
export const powerOptions = [
  {
    name: 'keep-awake',
    group: 'Power',
    commands: ['app'],
    type: 'flag',
    default: true,
    example: false,
    help: 'Keep this computer awake while a job runs',
    windowHelp: 'The screen may still turn off',
  },
  {
    name: 'keep-awake-battery-level',
    group: 'Power',
    commands: ['app'],
    type: 'number',
    minimum: 0,
    maximum: 100,
    default: 20,
    example: 50,
    placeholder: 'PERCENT',
    help: 'On battery below this level, let it sleep even while a job runs',
    windowHelp: 'On battery with less than this, even while a job runs',
  },
  {
    name: 'pause-on-battery',
    group: 'Power',
    commands: ['app'],
    type: 'flag',
    default: false,
    example: true,
    help: 'Take no jobs while on battery',
  },
  {
    name: 'quiet-hours',
    group: 'Power',
    commands: ['app'],
    type: 'text',
    default: '',
    example: '22:00-07:00',
    placeholder: 'HH:MM-HH:MM',
    pattern: /^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$/,
    help: 'Take no jobs between these times of the day',
  },
] as const satisfies readonly OptionRow[];

export const appOptions = [
  {
    name: 'start-at-login',
    group: 'App',
    commands: ['app'],
    type: 'flag',
    default: false,
    example: true,
    help: 'Start Signalbox when you log in',
    windowHelp: 'It begins in the tray, without a window',
  },
  {
    name: 'history-budget',
    group: 'App',
    commands: ['app'],
    type: 'number',
    minimum: 0,
    maximum: 1_000_000,
    default: 2_000,
    example: 500,
    placeholder: 'MEGABYTES',
    help: 'Past jobs and their logs may take so much of the disk, from the next start on; 0: none are kept',
    windowHelp: 'The oldest jobs go first; 0: none are kept. A change counts from the next start on',
  },
] as const satisfies readonly OptionRow[];

import { platform } from 'node:os';
import { linuxProcesses } from './linux-processes.ts';
import type { Processes } from './processes.ts';
import { psProcesses } from './ps-processes.ts';

/** The processes of this machine. */
export const systemProcesses: Processes = platform() === 'linux' ? linuxProcesses : psProcesses;

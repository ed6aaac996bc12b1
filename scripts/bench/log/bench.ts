import type { ElectronApplication, Page } from 'playwright';
import type { TestDesktop } from '../../../e2e/desktop/test-desktop.ts';
import type { PracticeHub } from '../../../main/practice/practice-hub.ts';
import { cpuOf, privateMegabytes } from '../desktop/process-tree.ts';
import type { Scrolled } from './in-page.ts';

/** The app while it is measured. */
export interface Bench {
  /** A folder of the bench's own. */
  readonly work: string;
  readonly hub: PracticeHub;
  readonly desktop: TestDesktop;
  readonly app: ElectronApplication;
  readonly page: Page;
}

/** Frames are also those of the system's Chromium, which has its own row. */
export const FRAMES_GOAL = 'median ≤ 17 ms, p99 ≤ 32 ms';

/** A row of the table: a measure, what was seen, and what it is to be. */
export function row(measure: string, figure: string, goal = ''): void {
  process.stdout.write(`| ${measure} | ${figure} | ${goal} |\n`);
}

/** Times of frames as a row of the table. */
export function framesText({ frames, withGaps }: Scrolled): string {
  const sorted = [...frames].sort((a, b) => a - b);
  const at = (share: number) => (sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(1);
  const gaps = ((withGaps / Math.max(1, frames.length)) * 100).toFixed(1);
  return `median ${at(0.5)} ms, p99 ${at(0.99)} ms; ${gaps} % with a line not there yet`;
}

/** What only the window's page has in memory, in MB. */
export async function windowMegabytes(bench: Bench): Promise<number> {
  return privateMegabytes([await windowProcess(bench)]);
}

/** How long the window's page has had a core, in seconds. */
export async function windowCpu(bench: Bench): Promise<number> {
  return cpuOf([await windowProcess(bench)]);
}

function windowProcess({ app }: Bench): Promise<number> {
  return app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getOSProcessId() ?? 0);
}

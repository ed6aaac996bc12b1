import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'signalbox-test-'));
});
afterEach(() => rmSync(root, { recursive: true }));

/** Runs the real check on a tree with one file. */
function check(file: string, source: string): Promise<{ readonly code: number; readonly told: string }> {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), source);
  return new Promise((resolve) => {
    execFile(process.execPath, ['scripts/layers/main.mjs', root], (error, _, stderr) => {
      resolve({ code: error ? 1 : 0, told: stderr });
    });
  });
}

describe('the layers check', () => {
  const forbidden: readonly [file: string, source: string, told: RegExp][] = [
    [
      'shared/a.ts',
      "import { readFile } from 'node:fs';",
      /shared\/a\.ts:1 imports node:fs: shared may not import Node/,
    ],
    ['shared/a.ts', "import '../main/agent/job/job.ts';", /shared may not import agent/],
    ['main/agent/a.ts', "import { app } from 'electron';", /agent may not import packages of the kind electron/],
    ['main/agent/a.ts', "\nimport type { App } from 'electron';", /main\/agent\/a\.ts:2 .* runs without Electron/],
    ['main/agent/a.ts', "const b = await import('../../renderer/b.ts');", /agent may not import renderer/],
    ['main/agent/a.ts', "import { PracticeHub } from '../practice/practice-hub.ts';", /agent may not import practice/],
    ['main/practice/a.ts', "import '../agent/job/job.ts';", /practice may not import agent/],
    ['main/control/a.ts', "import { Job } from '../agent/job/job.ts';", /control may not import agent/],
    ['main/control/a.ts', "import { app } from 'electron';", /control may not import packages of the kind electron/],
    ['main/app/a.ts', "import { Job } from '../agent/job/job.ts';", /app may not import agent .*types/],
    ['renderer/a.tsx', "export * from 'node:path';", /renderer may not import Node/],
    ['renderer/a.tsx', "import '../main/agent/job/job.ts';", /renderer may not import agent/],
    ['main/agent/a.ts', "import leftPad from 'left-pad';", /left-pad is not classified/],
    ['main/agent/a.ts', "import '../../scripts/x.ts';", /outside of every layer/],
    ['main/agent/a.ts', "export type App = import('electron').App;", /packages of the kind electron/],
    ['main/agent/a.ts', "const electron = require('electron');", /packages of the kind electron/],
    ['main/agent/a.ts', "import electron = require('electron');", /packages of the kind electron/],
    ['main/app/a.ts', "import { type Job, run } from '../agent/job/job.ts';", /app may not import agent/],
    ['main/agent/a.ts', 'const a = (name: string) => import(name);', /is not classified/],
    ['e2e/a.ts', "import { Job } from '../main/agent/job/job.ts';", /e2e may not import agent/],
  ];
  it.each(forbidden)('refuses in %s: %s', async (file, source, told) => {
    const { code, told: seen } = await check(file, source);
    expect(seen).toMatch(told);
    expect(code).toBe(1);
  });

  const allowed: readonly [file: string, source: string][] = [
    ['shared/a.ts', "import { z } from 'zod';"],
    [
      'main/agent/a.ts',
      "import { readFile } from 'node:fs'; import '../../shared/b.ts'; import { request } from 'undici';",
    ],
    ['main/agent/a.test.ts', "import { it } from 'vitest'; import { PracticeHub } from '../practice/practice-hub.ts';"],
    ['main/practice/a.ts', "import { logEventSchema } from '../agent/hub/wire.ts';"],
    ['main/practice/a.test.ts', "import { HubClient } from '../agent/hub/hub-client.ts';"],
    ['main/app/a.ts', "import { type Job, type Step } from '../agent/job/job.ts'; export type * from '../agent/a.ts';"],
    ['main/app/a.ts', "import type { Job } from '../agent/job/job.ts'; import { app } from 'electron';"],
    ['renderer/a.tsx', "import { useState } from 'react'; import { create } from 'zustand';"],
  ];
  it.each(allowed)('allows in %s: %s', async (file, source) => {
    expect(await check(file, source)).toEqual({ code: 0, told: '' });
  });
});

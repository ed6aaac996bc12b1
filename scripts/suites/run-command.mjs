import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';

/** A line that names a test that failed, or says why and where: Vitest's, Playwright's, and those of the suites that are programs of ours. */
const TELLS_OF_FAILURE = /^\s*(?:FAIL |[✗×] |\w*Error: |Serialized Error|❯ \S+:\d+:\d+$|- waiting for )/;
/** One that names a test that passed when it was tried again (flaky-reporter.mjs). */
const TELLS_OF_LUCK = /^\s*FLAKY /;
const MOST_FAILURES = 30;
const LONGEST = 240;

/**
 * Runs a command and shows what it prints. Resolves with the exit code, the last lines, those that tell what failed, and those
 * that tell what passed by a second try: the first few, cut to a width that a screen has.
 */
export function runCommand(command, { env = process.env, cwd = process.cwd() } = {}) {
  const [program, ...args] = command;
  const child = spawn(program, args, { env, cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  let tail = '';
  const failures = [];
  const flaky = [];
  for (const [stream, target] of [
    [child.stdout, process.stdout],
    [child.stderr, process.stderr],
  ]) {
    stream.on('data', (chunk) => {
      target.write(chunk);
      tail = (tail + chunk).slice(-4_000);
    });
    createInterface({ input: stream.pipe(new PassThrough()) }).on('line', (line) => {
      const plain = stripVTControlCharacters(line).trimEnd();
      if (TELLS_OF_FAILURE.test(plain)) note(failures, plain);
      if (TELLS_OF_LUCK.test(plain)) note(flaky, plain);
    });
  }
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ code: 1, lines: [error.message], failures, flaky }));
    child.on('close', (code) => resolve({ code: code ?? 1, lines: tail.trimEnd().split('\n'), failures, flaky }));
  });
}

function note(told, line) {
  const text = line.slice(0, LONGEST);
  if (told.length < MOST_FAILURES && !told.includes(text)) told.push(text);
}

// Shows how e2e/cases differs from a folder of recorded cases, or takes them over with --write:
//   node scripts/sync-cases.mjs FOLDER [--write]
// FOLDER holds folders such as `shell`. Exit code 1 where something differs and nothing was written.
import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const [folder, option] = process.argv.slice(2);
if (!folder || !existsSync(folder)) {
  console.error('Say where the recorded cases are: node scripts/sync-cases.mjs FOLDER [--write]');
  process.exit(2);
}
const ours = resolve('e2e/cases');
let differing = 0;
// Kubernetes has two: cases, and exchanges with its API.
const kinds = readdirSync(ours).flatMap((kind) =>
  kind === 'kubernetes' ? ['kubernetes/api', 'kubernetes/cases'] : [kind],
);
for (const kind of kinds) {
  const names = new Set([...jsonFiles(join(ours, kind)), ...jsonFiles(join(folder, kind))]);
  for (const name of [...names].sort()) {
    const [here, there] = [join(ours, kind, name), join(folder, kind, name)];
    const state = compare(here, there);
    if (state === 'same') continue;
    differing += 1;
    console.log(`${state.padEnd(8)} ${kind}/${name}`);
    if (option === '--write' && existsSync(there)) cpSync(there, here);
  }
}
console.log(differing === 0 ? 'No drift' : `${differing} files differ${option === '--write' ? '; taken over' : ''}`);
process.exitCode = differing > 0 && option !== '--write' ? 1 : 0;

function jsonFiles(path) {
  return existsSync(path) ? readdirSync(path).filter((name) => name.endsWith('.json')) : [];
}

function compare(here, there) {
  if (!existsSync(here)) return 'new';
  if (!existsSync(there)) return 'only here';
  return readFileSync(here).equals(readFileSync(there)) ? 'same' : 'changed';
}

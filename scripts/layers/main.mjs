// `node scripts/layers/main.mjs [ROOT]`: tells every import that crosses a layer the wrong way; exit code 1 if there is one.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { forbiddenImports } from './check-imports.mjs';

const ROOMS = ['shared', 'main', 'renderer', 'e2e'];
const root = process.argv[2] ?? '.';

const forbidden = ROOMS.flatMap((room) => sourcesIn(room)).flatMap((file) =>
  forbiddenImports(file, readFileSync(join(root, file), 'utf8')),
);
for (const line of forbidden) console.error(line);
process.exitCode = forbidden.length > 0 ? 1 : 0;

function sourcesIn(folder) {
  return entries(folder).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return sourcesIn(path);
    return /\.tsx?$/.test(entry.name) ? [path] : [];
  });
}

function entries(folder) {
  try {
    return readdirSync(join(root, folder), { withFileTypes: true });
  } catch {
    return []; // A room that is not there yet has no imports.
  }
}

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { iconFiles } from './icons.ts';

/** `npm run icons`: draws every icon from the one drawing of the mark. A test fails where that was forgotten. */
export async function main(): Promise<number> {
  for (const [name, content] of iconFiles()) {
    const path = join('resources', name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
  return 0;
}

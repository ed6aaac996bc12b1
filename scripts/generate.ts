import { readFileSync, writeFileSync } from 'node:fs';
import { exampleFile, optionTable } from '../main/agent/config/documents.ts';

/** `npm run generate`: writes what is made from the table of options. A test fails where that was forgotten. */
export async function main(): Promise<number> {
  writeFileSync('resources/config.example.yaml', exampleFile());
  const readme = readFileSync('README.md', 'utf8');
  const between = /(<!-- options:begin -->\n)[\s\S]*(<!-- options:end -->)/;
  writeFileSync('README.md', readme.replace(between, `$1${optionTable()}$2`));
  return 0;
}

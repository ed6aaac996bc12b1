import { readFileSync, writeFileSync } from 'node:fs';
import { commandTable, exampleFile, optionTable } from '../main/agent/config/documents.ts';
import { manPage } from '../main/agent/config/man-page.ts';

/** `npm run generate`: writes what is made from the tables of commands and options. A test fails where that was forgotten. */
export async function main(): Promise<number> {
  writeFileSync('resources/config.example.yaml', exampleFile());
  writeFileSync('resources/signalbox.1', manPage());
  const readme = readFileSync('README.md', 'utf8');
  const withCommands = replaceBetween(readme, 'commands', commandTable());
  writeFileSync('README.md', replaceBetween(withCommands, 'options', optionTable()));
  return 0;
}

function replaceBetween(text: string, name: string, content: string): string {
  const between = new RegExp(`(<!-- ${name}:begin -->\\n)[\\s\\S]*(<!-- ${name}:end -->)`);
  return text.replace(between, (_, begin: string, end: string) => `${begin}${content}${end}`);
}

import type { LogQuery } from '../../../../shared/contract/log.ts';

/** What finds the matches of a query. */
export interface Matcher {
  /** Global. */
  readonly expression: RegExp;
  /** False where it can never match across a newline: then many lines are looked at together. */
  readonly needsLines: boolean;
}

const WORD = '[\\p{L}\\p{N}_]';

/** Makes the matcher of a query, or tells in one line what is wrong with it. */
export function createMatcher({ text, matchesCase, wholeWord, isExpression }: LogQuery): Matcher | string {
  const source = isExpression ? text : text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  const flags = matchesCase ? 'g' : 'gi';
  if (wholeWord) return compile(`(?<!${WORD})(?:${source})(?!${WORD})`, `${flags}u`, isExpression);
  // Without `u` it is quicker, and the same for what is ASCII.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it stands for ASCII
  if (!isExpression) return compile(source, /^[\u0000-\u007f]*$/.test(text) ? flags : `${flags}u`, false);
  const strict = compile(source, `${flags}u`, true);
  // Much of what people write, `\-` for one, is wrong with `u` only.
  return typeof strict === 'string' ? compile(source, flags, true) : strict;
}

function compile(source: string, flags: string, needsLines: boolean): Matcher | string {
  try {
    return { expression: new RegExp(source, flags), needsLines };
  } catch (error) {
    const told = error instanceof Error ? error.message : 'it cannot be read';
    return `Not a regular expression: ${told.replace(/^.*\/: /, '')}`;
  }
}

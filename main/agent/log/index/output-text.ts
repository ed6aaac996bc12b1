/** What the index needs to know of the output of an event. Its text is made when it is asked for. */
export interface OutputText {
  readonly newlines: number;
  readonly endsWithNewline: boolean;
  /** It may hold a sequence of the terminal's. */
  readonly hasEscape: boolean;
  text(): string;
}

/** The same of an output that is there as text, and not empty. */
export function outputTextOf(output: string): OutputText {
  let newlines = 0;
  for (let at = output.indexOf('\n'); at >= 0; at = output.indexOf('\n', at + 1)) newlines += 1;
  return {
    newlines,
    endsWithNewline: output.endsWith('\n'),
    hasEscape: output.includes('\u001b'),
    text: () => output,
  };
}

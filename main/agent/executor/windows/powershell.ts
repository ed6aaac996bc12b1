/** A text as one value of PowerShell, as it is. */
export function quoteForPowerShell(text: string): string {
  return `"${text.replace(/[`"$]/g, '`$&')}"`;
}

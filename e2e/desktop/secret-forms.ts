/** A secret as it may stand somewhere: as it is, and in base64, whatever stands before and behind it there. */
export function formsOf(secret: string): readonly string[] {
  const encoded = ['', ' ', '  '].map((before) => {
    const text = Buffer.from(`${before}${secret}`).toString('base64');
    // The first characters also tell of what stands before, the last ones of what stands behind.
    return text.slice(before === '' ? 0 : 4, -4);
  });
  return [secret, ...encoded];
}

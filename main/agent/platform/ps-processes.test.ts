import { describe, expect, it } from 'vitest';
import { membersOf } from './processes.ts';
import { parsePs } from './ps-processes.ts';

const LISTED = `
    1     0     1 Mon Nov 23 09:00:00 2026     /sbin/launchd
  501     1   501 Mon Nov 23 10:01:02 2026     bash --login HOME=/Users/me MARK=abc SHELL=/bin/zsh
  502   501   502 Mon Nov 23 10:01:03 2026     sleep 300
  503     1   502 Mon Nov 23 10:01:04 2026     sleep 301
  504     1   504 Mon Nov 23 10:01:05 2026     sleep 302 MARK=abcd
broken line
`;

describe('what ps lists', () => {
  it('is read line by line', () => {
    expect(
      parsePs(LISTED)
        .map(({ pid, parent, session, startedAt }) => [pid, parent, session, startedAt])
        .slice(1, 3),
    ).toEqual([
      [501, 1, 501, 'Mon Nov 23 10:01:02 2026'],
      [502, 501, 502, 'Mon Nov 23 10:01:03 2026'],
    ]);
    expect(parsePs(LISTED)).toHaveLength(5);
  });

  it('makes a family by mark, descent and group', () => {
    const entries = parsePs(LISTED);
    const found = membersOf({ mark: 'MARK=abc', roots: [] }, entries, (pid) => pid === 501);
    expect(found.map(({ pid }) => pid)).toEqual([501, 502, 503]);
  });
});

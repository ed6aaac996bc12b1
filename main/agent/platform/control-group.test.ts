import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createControlGroup, groupFolder, removeEmptyGroups } from './control-group.ts';
import { FakeClock } from './fake-clock.ts';

const HYBRID = '38 30 0:33 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw\n';
const PLAIN = '25 24 0:22 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n';
const PART = '25 24 0:22 /docker/abc /sys/fs/cgroup rw - cgroup2 cgroup rw\n';
const OLD = '31 30 0:27 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu\n';

describe('groupFolder', () => {
  it.each([
    [PLAIN, '0::/user.slice/user-1000.slice\n', '/sys/fs/cgroup/user.slice/user-1000.slice'],
    [`${OLD}${HYBRID}`, '4:memory:/x\n0::/\n', '/sys/fs/cgroup/unified'],
    [PART, '0::/docker/abc/inner\n', '/sys/fs/cgroup/inner'],
    [PART, '0::/docker/other\n', undefined],
    [PLAIN, '0::/../other\n', '/sys/fs/cgroup/other'],
    ['25 24 0:22 / /odd\\040place rw - cgroup2 cgroup2 rw\n', '0::/a\n', '/odd place/a'],
    [OLD, '4:memory:/x\n', undefined],
    [OLD, '0::/\n', undefined],
  ])('%j with %j', (mounts, groups, expected) => {
    expect(groupFolder({ mounts, groups })).toBe(expected);
  });
});

describe('removeEmptyGroups', () => {
  it('removes what is old and empty, where the machine has groups for us', async () => {
    const name = `signalbox-test-${process.pid}`;
    const group = createControlGroup(name);
    if (!group) return;
    const soon = new FakeClock(Date.now());
    removeEmptyGroups(name, 60_000, soon);
    expect(existsSync(group.path)).toBe(true);
    removeEmptyGroups(name, 60_000, new FakeClock(Date.now() + 120_000));
    expect(existsSync(group.path)).toBe(false);
    await group.remove(soon);
  });
});

import type Docker from 'dockerode';
import { outputInContainer } from './container-processes.ts';

/*
 * The kernel counts in the container's control group, before the process that it kills is gone, so whoever saw that one end
 * sees the count. The engine hears of it some time later, and what it says of the container's own state is true only when the
 * container has ended. Where the second version of control groups is not in use, the first has another place. Source: Linux,
 * Documentation/admin-guide/cgroup-v2.rst, `memory.events`; cgroup-v1/memory.rst, `memory.oom_control`.
 */
const COUNT = `
for file in /sys/fs/cgroup/memory.events /sys/fs/cgroup/memory/memory.oom_control; do
  while read -r name count; do [ "$name" = oom_kill ] && echo "killed: $count"; done < "$file"
done 2>/dev/null
`;

/** How often something in a container was killed for want of memory since the container was started; 0 where it cannot be told. */
export async function countMemoryKills(container: Docker.Container): Promise<number> {
  const printed = await outputInContainer(container, ['bash', '--noprofile', '--norc', '-c', COUNT]);
  return Number(/killed: (\d+)/.exec(printed)?.[1] ?? 0);
}

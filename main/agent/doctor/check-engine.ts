import { findEngine } from '../executor/docker/engine.ts';
import { type Check, fine, needsPodsOnly, problem, warning } from './finding.ts';

/** Jobs in containers need an engine; where shell jobs are refused nothing goes without. */
export const checkEngine: Check = async (examined) => {
  if (needsPodsOnly(examined)) return [];
  const { config, env, home, clock } = examined;
  const engine = await findEngine(env, home, clock);
  if (typeof engine !== 'string') {
    const { Version: version = '' } = await engine.docker.version();
    return [fine('container engine', `${engine.address.origin}, version ${version}`)];
  }
  const advice =
    'start Docker, Podman, Colima or OrbStack, or set DOCKER_HOST; on Linux your user must be allowed to use its socket (group docker)';
  const isNeeded = config?.values['shell-jobs'] === 'refuse';
  const found = `none was found. ${engine}`;
  return [isNeeded ? problem('container engine', found, advice) : warning('container engine', found, advice)];
};

import { JOB_LABEL } from '../executor/docker/engine-claims.ts';
import type { JobRequest } from '../job/job-request.ts';
import { quote } from '../session/marks.ts';

/** The script that a person who comes by SSH calls: where the job runs, a login shell or the command that was asked for. */
export function jumpPointScript(request: JobRequest): string {
  return request.executor === 'dockercompose' ? containerScript(request.job_id) : SHELL_SCRIPT;
}

const SHELL_SCRIPT = `#!/bin/bash

if [ $# -eq 0 ]; then
  bash --login
else
  exec "$@"
fi`;

/** The main container is the one whose name ends with its number, 0. It may not be there yet. */
function containerScript(jobId: string): string {
  return `#!/bin/bash

find_container() {
  docker ps --quiet --filter ${quote(`label=${JOB_LABEL}=${jobId}`)} --filter 'name=-0$'
}

printf 'Waiting for the container to start up' >&2
until container=$(find_container) && [ -n "$container" ]; do
  sleep 1
  printf '.' >&2
done
printf '\\n' >&2

if [ $# -eq 0 ]; then
  exec docker exec -ti "$container" bash --login
else
  exec docker exec -i "$container" "$@"
fi
`;
}

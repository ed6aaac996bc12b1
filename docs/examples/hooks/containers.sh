# A pre-job hook for jobs in containers. It runs in the main container, so it must be there: mount it,
# --files /srv/ci/containers.sh:/ci/hook.sh --pre-job-hook-path /ci/hook.sh
set -e
echo "In $(. /etc/os-release 2>/dev/null; echo "${PRETTY_NAME:-a container}") as $(id -un)"

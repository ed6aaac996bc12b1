# A pre-job hook for jobs on this machine: --pre-job-hook-path docs/examples/hooks/shell.sh --source-pre-job-hook
# Sourced, so that the job's commands find what it exports; a failure here is not the job's unless fail-on-pre-job-hook-error says so.
export PIP_CACHE_DIR="$HOME/.cache/ci-pip"
mkdir -p "$PIP_CACHE_DIR"
echo "Caches of this machine are at $PIP_CACHE_DIR"

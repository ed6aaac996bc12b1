# A pre-job hook for jobs in pods. It runs in the main container: bring it with the pod spec of kubernetes-pod-spec (a ConfigMap
# or a Secret mounted at /ci), and --pre-job-hook-path /ci/kubernetes.sh
set -e
echo "On $(hostname), with $(nproc) processors"

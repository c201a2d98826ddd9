# -TimeoutSec counts seconds.
start-job -o id 'until [ -e go ]; do sleep 0.05; done'
wait-job -TimeoutSec 1 1 || echo "exit $?"
wait-job -timeout 0 1 || echo "exit $?"
get-job 1 -o json | show state hasMoreData

# A wait that times out prints nothing and leaves the job alone.
start-job -o id 'until [ -e go ]; do sleep 0.05; done'
wait-job 1 --timeout 300ms || echo "exit $?"
get-job 1 -o json | show state

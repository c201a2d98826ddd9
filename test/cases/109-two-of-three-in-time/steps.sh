# Two of three jobs in time are not enough.
start-job -o id -- true
start-job -o id -- true
start-job -o id 'until [ -e go ]; do sleep 0.05; done'
wait-job 1 3 5 --timeout 500ms || echo "exit $?"

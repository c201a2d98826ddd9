# A job that outlives the timeout goes on and completes later.
start-job -o id 'until [ -e go ]; do sleep 0.05; done; echo done'
wait-job 1 --timeout 100ms || echo "exit $?"
touch go
wait-job 1 -o json | show state
receive-job 1

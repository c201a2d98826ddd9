# --timeout 0 looks once.
start-job --wait -- true
start-job -o id 'until [ -e go ]; do sleep 0.05; done'
wait-job 1 --timeout 0 -o id
wait-job 3 --timeout 0 -o id || echo "exit $?"
wait-job 1 3 --timeout 0 -o id || echo "exit $?"

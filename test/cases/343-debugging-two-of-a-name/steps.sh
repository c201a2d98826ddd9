# debug-job takes one job: a name that several have is refused.
start-job -o id --name X 'until [ -e go ]; do sleep 0.05; done'
start-job -o id --name X 'until [ -e go ]; do sleep 0.05; done'
debug-job --name X || echo "exit $?"
debug-job 1 3 || echo "exit $?"

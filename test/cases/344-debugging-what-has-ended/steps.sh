# A job that has ended, is suspended or has no inspector cannot be debugged, and goes on as it was.
start-job --wait true
start-job -o id 'until [ -e go ]; do sleep 0.05; done'
start-job -o id --runtime node 'setInterval(() => {}, 1000)'
suspend-job 5 -o id
debug-job 1 || echo "exit $?"
debug-job 3 || echo "exit $?"
debug-job 5 || echo "exit $?"
get-job --json | show id state

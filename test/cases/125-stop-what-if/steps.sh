# stop-job --what-if says what it would do, one line a job, and does nothing.
start-job -o id 'until [ -e go ]; do sleep 0.05; done'
stop-job 1 --what-if
get-job 1 --json | show state

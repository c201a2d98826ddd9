# A suspended job is not removed by --auto-remove-job; a finished one of the same call is.
start-job -o id 'until [ -e go ]; do sleep 0.05; done'
start-job -o id 'echo done'
suspend-job 1 -o id
receive-job 1 3 --wait --auto-remove-job
get-job --json | show id state

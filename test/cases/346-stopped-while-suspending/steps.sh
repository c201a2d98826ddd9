# A workflow that is stopped while it is being suspended comes to its checkpoint first, and is never Suspended after it was Stopping.
start-job -o id --definition-name Release
eventually sh -c 'receive-job 1 --keep | grep -q begins'
suspend-job 1 -o id
receive-job 1 --wait --force --write-events -o jsonl > events &
receive=$!
stop-job 1 &
stop=$!
touch definitions/go
wait $stop
wait $receive
grep '"event"' events | show jobId event.state | sort
get-job 1 --include-child-job --json | show id name state reason

# A workflow that is stopped while it is being suspended is Stopped, and was never Suspended after it was Stopping.
start-job -o id --definition-name Release
eventually sh -c 'receive-job 1 --keep | grep -q begins'
suspend-job 1 -o id
receive-job 1 --wait --force --write-events -o jsonl > events &
stop-job 1
wait $!
grep '"event"' events | show jobId event.state
get-job 1 --include-child-job --json | show id name state reason

# A running workflow that is suspended runs to its next checkpoint; what it has written so far can be received.
start-job -o id --definition-name Release
eventually sh -c 'receive-job 1 --keep | grep -q begins'
suspend-job 1 -o id
get-job 1 --json | show state
touch definitions/go
wait-job 1 -o id 2> warning
get-job 1 --include-child-job --json | show id name state
receive-job 1
resume-job 1 -o id
receive-job 1 --wait
get-job 1 --json | show state
